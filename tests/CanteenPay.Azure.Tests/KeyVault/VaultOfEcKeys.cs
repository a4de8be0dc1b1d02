using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CanteenPay.Azure.Tests.KeyVault;

/// <summary>A stand-in of a vault's keys on P-256 that does as its REST documents say and refuses what they do not: create, get, sign.</summary>
internal sealed class VaultOfEcKeys : IDisposable
{
    internal static readonly Uri Address = new("https://contoso.vault.azure.net");

    private readonly Dictionary<string, List<ECDsa>> keys = [];

    /// <summary>Signs by another key than it says, as after a mistake with versions.</summary>
    internal bool SignsByAnother { get; set; }

    public void Dispose()
    {
        foreach (var key in keys.Values.SelectMany(versions => versions))
            key.Dispose();
    }

    /// <summary>Makes a version of a key, as Bicep does.</summary>
    internal void Add(string name)
    {
        if (!keys.TryGetValue(name, out var versions))
            keys[name] = versions = [];
        versions.Add(ECDsa.Create(ECCurve.NamedCurves.nistP256));
    }

    internal async Task AnswerAsync(Received request, HttpResponse response)
    {
        var address = new Uri(Address, request.Target);
        var (status, body) = address.Query == "?api-version=7.4" && request.Headers.TryGetValue("Authorization", out var token) && token == "Bearer token-1"
            ? Answer(request.Method, address.AbsolutePath.Trim('/').Split('/'), request.Body)
            : (400, Error("BadParameter"));
        response.StatusCode = status;
        response.ContentType = "application/json";
        await response.WriteAsync(body.ToJsonString());
    }

    private (int Status, JsonNode Body) Answer(string method, string[] path, string body) => (method, path) switch
    {
        ("POST", ["keys", var name, "create"]) => Create(name, JsonNode.Parse(body)!.AsObject()),
        ("GET", ["keys", var name]) => keys.TryGetValue(name, out var versions) ? (200, Described(name, versions.Count)) : (404, Error("KeyNotFound")),
        ("POST", ["keys", var name, var version, "sign"]) => keys.TryGetValue(name, out var versions) && int.Parse(version[1..], null) is var number && number <= versions.Count
            ? Sign(name, number, JsonNode.Parse(body)!.AsObject())
            : (404, Error("KeyNotFound")),
        _ => (400, Error("BadParameter")),
    };

    private (int Status, JsonNode Body) Create(string name, JsonObject wish)
    {
        var isWhatWeWant = wish["kty"]!.GetValue<string>() == "EC" && wish["crv"]!.GetValue<string>() == "P-256"
            && wish["key_ops"]!.AsArray().Select(operation => operation!.GetValue<string>()).Order().SequenceEqual(["sign", "verify"])
            && !wish["attributes"]!["exportable"]!.GetValue<bool>();
        if (!isWhatWeWant)
            return (400, Error("BadParameter"));
        Add(name);
        return (200, Described(name, keys[name].Count));
    }

    private (int Status, JsonNode Body) Sign(string name, int version, JsonObject wish)
    {
        var digest = Base64Url.DecodeFromChars(wish["value"]!.GetValue<string>());
        if (wish["alg"]!.GetValue<string>() != "ES256" || digest.Length != 32 || wish.Count != 2)
            return (400, Error("BadParameter"));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = (SignsByAnother ? other : keys[name][version - 1]).SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return (200, new JsonObject { ["kid"] = Id(name, version), ["value"] = Base64Url.EncodeToString(signature) });
    }

    private JsonObject Described(string name, int version)
    {
        var point = keys[name][version - 1].ExportParameters(includePrivateParameters: false).Q;
        return new()
        {
            ["key"] = new JsonObject
            {
                ["kid"] = Id(name, version),
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(point.X!),
                ["y"] = Base64Url.EncodeToString(point.Y!),
            },
        };
    }

    private static string Id(string name, int version) => $"{Address}keys/{name}/v{version}";

    private static JsonObject Error(string code) => new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = code } };
}
