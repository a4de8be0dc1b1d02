using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>Makes tokens as Entra's v2 endpoint does. By hand, without the library that the product reads them with: a mistake shared by both would go unseen.</summary>
internal sealed class TokenIssuer(SigningKeys keys, string login, TimeProvider time)
{
    /// <summary>How long a token is good.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>What the one app may do in a persona's name.</summary>
    internal const string Permission = "access_as_user";

    /// <summary>A token for the product.</summary>
    internal string Access(Persona persona, string? nonce = null)
    {
        var claims = Claims(persona, nonce);
        claims["scp"] = Permission;
        return Signed(claims);
    }

    /// <summary>A token that tells a page who signed in.</summary>
    internal string Identity(Persona persona, string? nonce) => Signed(Claims(persona, nonce));

    private JsonObject Claims(Persona persona, string? nonce)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Tenant.Issuer(login),
            ["aud"] = Tenant.ClientId,
            ["tid"] = Tenant.Id,
            ["oid"] = persona.Id,
            ["sub"] = persona.Id,
            ["name"] = persona.Name,
            ["preferred_username"] = $"{persona.Key}@canteenpay.example",
            ["roles"] = new JsonArray([.. persona.Roles.Select(role => JsonValue.Create(role))]),
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + (long)Lifetime.TotalSeconds,
            ["ver"] = "2.0",
        };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        return claims;
    }

    private string Signed(JsonObject claims) =>
        keys.Signed(keyId => $"{Part(new() { ["typ"] = "JWT", ["alg"] = "RS256", ["kid"] = keyId })}.{Part(claims)}");

    private static string Part(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            json.WriteTo(writer);
        }

        return Base64Url.EncodeToString(buffer.ToArray());
    }
}
