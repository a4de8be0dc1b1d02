using System.Net;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>
/// Keeps foreign pages away from the till: a browser on the machine could be on any site, and that site could post to loopback.
/// A key press needs a header that a foreign page may not send without asking, and whatever the browser says about its origin must be this page.
/// </summary>
internal static class ScreenGuard
{
    /// <summary>The header of a key press; its presence makes a browser ask first before it sends a foreign page's request.</summary>
    public const string KeyHeader = "X-Canteen-Key";

    /// <summary>Why a request may not press a key; null when it may.</summary>
    public static string? Refusal(HttpRequest request) => ForeignPage(request)
        ?? (request.Headers.ContainsKey(KeyHeader) || request.HasJsonContentType() ? null : $"neither JSON nor {KeyHeader}");

    /// <summary>Why a request is not this page's, as far as the browser says; null when it may be. A foreign page must not use up the streams either.</summary>
    public static string? ForeignPage(HttpRequest request)
    {
        if (ForeignHost(request))
            return "the host is not loopback";
        if (request.Headers["Sec-Fetch-Site"] is [var site, ..] && site is not "same-origin")
            return $"Sec-Fetch-Site is {site}";
        if (request.Headers.Origin is [var origin, ..] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return "the origin is another page";
        return null;
    }

    /// <summary>A name other than loopback's reached us: somebody's DNS points here, so that his page would be of our origin.</summary>
    public static bool ForeignHost(HttpRequest request) => request.Host.Host is var host && host != "localhost"
        && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
