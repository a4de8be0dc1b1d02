using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>A directory as the app meets it: it says by which keys it signs, and the keys can roll over.</summary>
internal sealed class TestDirectory : HttpMessageHandler
{
    public const string Tenant = "8f1d2c3b-4a59-4687-9b0c-1d2e3f405162";
    public const string Client = "5c6d7e8f-9a0b-4c1d-8e2f-30415263748a";
    public const string Instance = "https://login.microsoftonline.com";
    public const string Issuer = $"{Instance}/{Tenant}/v2.0";

    public static readonly TestKey FirstKey = new("first");
    public static readonly TestKey SecondKey = new("second");

    private int _timesAsked;
    private int _timesCalled;

    /// <summary>The keys that it signs by now.</summary>
    public ConcurrentQueue<TestKey> Keys { get; } = new([FirstKey]);

    /// <summary>How often somebody asked for them.</summary>
    public int TimesAsked => _timesAsked;

    /// <summary>How often somebody asked anything, answered or not.</summary>
    public int TimesCalled => _timesCalled;

    /// <summary>Nobody is there.</summary>
    public bool IsAway { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _timesCalled);
        if (IsAway)
            throw new HttpRequestException("Connection refused");
        var answer = request.RequestUri!.AbsolutePath switch
        {
            $"/{Tenant}/v2.0/.well-known/openid-configuration" => new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = $"{Instance}/{Tenant}/discovery/v2.0/keys" },
            $"/{Tenant}/discovery/v2.0/keys" => Published(),
            _ => null,
        };
        return Task.FromResult(answer is null
            ? new HttpResponseMessage(HttpStatusCode.NotFound)
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json") });
    }

    private JsonObject Published()
    {
        Interlocked.Increment(ref _timesAsked);
        return new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.Published())]) };
    }
}

/// <summary>A key that tokens are signed by.</summary>
internal sealed class TestKey(string id)
{
    private readonly RSA _rsa = RSA.Create(2048);

    public string Id => id;

    /// <summary>What everybody may know, as the text that some libraries would take for an HMAC key.</summary>
    public string PublicPem => _rsa.ExportSubjectPublicKeyInfoPem();

    /// <summary>The public half, as a token could be signed with it by mistake or malice.</summary>
    public byte[] PublicModulus => _rsa.ExportParameters(includePrivateParameters: false).Modulus!;

    public JsonObject Published()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = id,
            ["n"] = Base64UrlEncoder.Encode(key.Modulus),
            ["e"] = Base64UrlEncoder.Encode(key.Exponent),
        };
    }

    public byte[] Sign(byte[] text)
    {
        lock (_rsa)
        {
            return _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }
}
