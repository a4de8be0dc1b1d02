using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Functions.Identity;
using Microsoft.IdentityModel.Tokens;

namespace CanteenPay.Functions.Tests.Identity;

/// <summary>Tokens as the directory signs them, and as others would like to.</summary>
internal static class TestTokens
{
    /// <summary>The person who asks when a test does not say who.</summary>
    public const string Operator = "11111111-0000-4000-8000-000000000001";

    private static readonly ConcurrentDictionary<(string Person, string Roles, long Hour), string> Minted = new();

    /// <summary>A good token of a person, for the hour or two around an instant.</summary>
    public static string Of(string person, DateTimeOffset now, params Role[] roles)
    {
        var hour = now.ToUnixTimeSeconds() / 3600;
        return Minted.GetOrAdd((person, string.Join(' ', roles), hour), _ => Sign(Claims(person, DateTimeOffset.FromUnixTimeSeconds(hour * 3600), roles)));
    }

    /// <summary>The claims of a good token that is valid for two hours.</summary>
    public static JsonObject Claims(string person, DateTimeOffset from, params Role[] roles) => new()
    {
        ["iss"] = TestDirectory.Issuer,
        ["aud"] = TestDirectory.Client,
        ["tid"] = TestDirectory.Tenant,
        ["oid"] = person,
        ["sub"] = $"subject of {person}",
        ["name"] = "周运营",
        ["scp"] = "access_as_user",
        ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role.ToString()))]),
        ["iat"] = from.ToUnixTimeSeconds(),
        ["nbf"] = from.ToUnixTimeSeconds(),
        ["exp"] = from.AddHours(2).ToUnixTimeSeconds(),
    };

    /// <summary>Signed by the directory.</summary>
    public static string Sign(JsonObject claims, TestKey? key = null)
    {
        key ??= TestDirectory.FirstKey;
        return Sign(new JsonObject { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = key.Id }, claims, key.Sign);
    }

    /// <summary>Signed somehow.</summary>
    public static string Sign(JsonObject header, JsonObject claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims.ToJsonString())}";
        return $"{text}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(text)))}";
    }
}
