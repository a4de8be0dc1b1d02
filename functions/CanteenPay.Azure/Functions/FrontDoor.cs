using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.Azure.Functions;

/// <summary>Tells the host's invocations from requests that came through the front door.</summary>
/// <remarks>
/// The host proxies an outsider's request with its original URL, and the routes of function.json are explicit, so nothing from outside can have an invocation's path.
/// This is the second lock: the request line must be the very text that the host writes (routing would also take other letter case, <c>%2F</c> and a final slash),
/// and must bear none of the headers that only front ends add.
/// </remarks>
internal static class FrontDoor
{
    private static readonly string[] AddedOutside =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Original-Host", "X-ARR-LOG-ID", "X-ARR-SSL"];

    internal static bool IsInvocation(HttpContext http, string functionName) =>
        http.Request.Method == HttpMethods.Post
        && IsExactly(http.Features.Get<IHttpRequestFeature>()?.RawTarget, functionName)
        && !AddedOutside.Any(http.Request.Headers.ContainsKey);

    private static bool IsExactly(string? target, string functionName) =>
        target is not null && target.Length == functionName.Length + 1 && target[0] == '/' && target.AsSpan(1).SequenceEqual(functionName);
}
