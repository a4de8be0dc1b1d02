using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>The one key that senders and receivers over REST sign their tokens with.</summary>
internal sealed record SasOptions(string KeyName, string Key)
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>Checks a token <c>SharedAccessSignature sr={resource}&amp;sig={signature}&amp;se={unix seconds}&amp;skn={key name}</c>; null when it is good, else why not.</summary>
    /// <param name="authorization">The header's value.</param>
    /// <param name="host">The host that the request was sent to.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="now">The clock that the token's expiry is held against.</param>
    public string? Refuse(string? authorization, HostString host, PathString path, DateTimeOffset now)
    {
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.Ordinal))
            return "There is no SharedAccessSignature in the Authorization header.";
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in authorization[Scheme.Length..].Split('&'))
        {
            var parts = field.Split('=', 2);
            if (parts.Length != 2 || !fields.TryAdd(parts[0], parts[1]))
                return "The token is not a list of name=value.";
        }
        if (!fields.TryGetValue("sr", out var resource) || !fields.TryGetValue("sig", out var signature) || !fields.TryGetValue("se", out var expiry)
            || !fields.TryGetValue("skn", out var keyName))
            return "The token lacks one of sr, sig, se, skn.";
        if (Uri.UnescapeDataString(keyName) != KeyName || !IsSignature(resource, expiry, Uri.UnescapeDataString(signature)))
            return "The signature is not this key's.";
        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds <= now.ToUnixTimeSeconds())
            return "The token has expired.";
        return Covers(Uri.UnescapeDataString(resource), host, path) ? null : $"The token is for {Uri.UnescapeDataString(resource)}.";
    }

    // What is signed is the resource as it stands in the token, escaped.
    private bool IsSignature(string resource, string expiry, string signature)
    {
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(resource + "\n" + expiry));
        var given = new byte[expected.Length];
        return Convert.TryFromBase64String(signature, given, out var count) && count == expected.Length && CryptographicOperations.FixedTimeEquals(expected, given);
    }

    private static bool Covers(string resource, HostString host, PathString path)
    {
        if (!Uri.TryCreate(resource, UriKind.Absolute, out var uri))
            return false;
        var scope = new PathString(uri.AbsolutePath.TrimEnd('/'));
        return SameHost(uri, host) && path.StartsWithSegments(scope, StringComparison.OrdinalIgnoreCase);
    }

    private static bool SameHost(Uri uri, HostString host) =>
        string.Equals(uri.Host, host.Host, StringComparison.OrdinalIgnoreCase) || (uri.IsLoopback && new Uri("http://" + host.Value).IsLoopback);
}
