using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.Identity;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Tests.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Identity;

/// <summary>A provider on a free port, and a page that signs in there.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Verifier = "a-verifier-that-nobody-else-can-know-0123456789";
    public const string Page = "http://localhost:5173/signed-in";

    /// <summary>Where it says it is, whatever port the test got.</summary>
    public const string Login = "http://127.0.0.1:7075";

    private readonly WebApplication _app;

    private Provider(WebApplication app, SigningKeys keys, ManualTime time)
    {
        (_app, Keys, Time) = (app, keys, time);
        Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new($"{app.Urls.Single()}/{Tenant.Id}/") };
    }

    public static string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public HttpClient Http { get; }

    public SigningKeys Keys { get; }

    public ManualTime Time { get; }

    public static async Task<Provider> StartAsync(string stateFolder)
    {
        var (keys, time) = (new SigningKeys(stateFolder), new ManualTime());
        Persona[] personas =
        [
            new("11111111-1111-4111-8111-111111111111", "operator", "周运营", ["Operator"]), new("22222222-2222-4222-8222-222222222222", "two", "<两职>", ["Finance", "Merchant"]),
        ];
        var endpoints = new LoginEndpoints(keys, new(keys, Login, time), new(time), personas, Login);
        return new(await LocalServer.StartAsync("login", 0, NullLoggerFactory.Instance, endpoints.Map, CancellationToken.None), keys, time);
    }

    /// <summary>The address that a page opens, with some of it changed or (null) left out.</summary>
    public static string Authorize(params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> query = new()
        {
            ["client_id"] = Tenant.ClientId,
            ["response_type"] = "code",
            ["redirect_uri"] = Page,
            ["scope"] = "openid profile",
            ["state"] = "s 1&2",
            ["nonce"] = "n1",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return QueryHelpers.AddQueryString("oauth2/v2.0/authorize", query.Where(q => q.Value is not null));
    }

    /// <summary>Where the page is sent back to, as its query's fields.</summary>
    public async Task<Dictionary<string, string>> SentBackAsync(string authorize)
    {
        using var answer = await Http.GetAsync(authorize);
        answer.Headers.Location.ShouldNotBeNull(await answer.Content.ReadAsStringAsync());
        answer.Headers.Location.AbsoluteUri.ShouldStartWith(Page);
        return QueryHelpers.ParseQuery(answer.Headers.Location.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
    }

    public async Task<string> CodeAsync(string persona = "operator") => (await SentBackAsync(Authorize(("persona", persona))))["code"];

    /// <summary>Turns a code into tokens, with some of the request changed.</summary>
    public async Task<(int Status, JsonObject Answer)> RedeemAsync(string code, params (string Name, string Value)[] changes)
    {
        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = Tenant.ClientId,
            ["code"] = code,
            ["redirect_uri"] = Page,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        using var answer = await Http.PostAsync("oauth2/v2.0/token", new FormUrlEncodedContent(form));
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public async Task<string> AccessTokenAsync(string persona = "operator")
    {
        var (status, answer) = await RedeemAsync(await CodeAsync(persona));
        status.ShouldBe(200, answer.ToJsonString());
        return answer["access_token"]!.GetValue<string>();
    }

    /// <summary>The claims of a token that a published key signed; null when none did.</summary>
    public async Task<JsonObject?> VerifiedAsync(string token)
    {
        var parts = token.Split('.');
        var head = Json(parts[0]);
        head["alg"]!.GetValue<string>().ShouldBe("RS256");
        var published = (await Http.GetFromJsonAsync<JsonObject>("discovery/v2.0/keys"))!["keys"]!.AsArray();
        if (published.FirstOrDefault(key => key!["kid"]!.GetValue<string>() == head["kid"]!.GetValue<string>()) is not { } found)
        {
            return null;
        }

        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(found["n"]!), Exponent = Bytes(found["e"]!) });
        rsa.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        return Json(parts[1]);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Keys.Dispose();
    }

    private static byte[] Bytes(JsonNode text) => Base64Url.DecodeFromChars(text.GetValue<string>());

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
}
