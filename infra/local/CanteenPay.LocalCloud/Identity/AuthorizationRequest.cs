using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>A page asks for a code. What is wrong about itself it is told at its address; a wrong address is told nothing.</summary>
internal sealed record AuthorizationRequest
{
    private const int ChallengeLength = 43;

    public required string RedirectUri { get; init; }

    public required string State { get; init; }

    public required string Challenge { get; init; }

    public required string? Nonce { get; init; }

    public required bool WantsIdentity { get; init; }

    /// <summary>Why nobody is sent back, for whoever looks at the screen.</summary>
    public string? Refusal { get; init; }

    /// <summary>Why no code is given, for the page that asks.</summary>
    public (string Code, string Words)? Error { get; init; }

    internal static AuthorizationRequest Read(IQueryCollection query)
    {
        var redirectUri = query["redirect_uri"].ToString();
        var challenge = query["code_challenge"].ToString();
        return new()
        {
            RedirectUri = redirectUri,
            State = query["state"].ToString(),
            Challenge = challenge,
            Nonce = query["nonce"].ToString() is { Length: > 0 } nonce ? nonce : null,
            WantsIdentity = query["scope"].ToString().Split(' ').Contains("openid", StringComparer.Ordinal),
            Refusal = query["client_id"] != Tenant.ClientId ? "没有这个应用 There is no such app registration (client_id)."
                : !IsLoopback(redirectUri) ? "只能回到本机 Only pages of this machine are sent back to (redirect_uri)."
                : null,
            Error = query["response_type"] != "code" ? ("unsupported_response_type", "Only code is.")
                : query["response_mode"].ToString() is not ("" or "query") ? ("invalid_request", "Only response_mode=query is.")
                : query["code_challenge_method"] != "S256" || challenge.Length != ChallengeLength
                    ? ("invalid_request", "PKCE is asked for: code_challenge with code_challenge_method=S256.")
                    : null,
        };
    }

    /// <summary>The address to send back to, with this and the state.</summary>
    internal string Answer(params IEnumerable<(string Name, string Value)> fields) => QueryHelpers.AddQueryString(
        RedirectUri, fields.Append(("state", State)).Where(f => f.Item2.Length > 0).Select(f => KeyValuePair.Create(f.Item1, (string?)f.Item2)));

    private static bool IsLoopback(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Fragment.Length == 0
        && (uri.Host is "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}
