using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.Functions.Identity;

/// <summary>
/// Nobody gets to an endpoint below <c>/api</c> but through here. Denied by default: an endpoint that does not say who may call it is refused to everybody.
/// </summary>
internal sealed class Gate(RequestDelegate next, MemberStore members, ILogger<Gate> logger)
{
    /// <summary>Everything that asks who you are.</summary>
    private static readonly PathString Root = "/api";

    /// <summary>The word for what is not there or not the caller's: nobody can tell the one from the other.</summary>
    public const string NotYours = "notYours";

    /// <summary>Whether a request is for what is behind the gate; routes are the same in any case of letters.</summary>
    public static bool IsBehind(HttpContext http) => http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets a request through, or answers it.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || !IsBehind(http))
        {
            await next(http);
            return;
        }

        if (await RefusalAsync(http, endpoint) is not { } refusal)
        {
            await next(http);
            return;
        }

        // Whoever shows nothing is no news, and must not fill the log; whoever shows something forged may come in any number, and is no warning each time.
        if (http.Request.Headers.Authorization.Count > 0)
        {
            var level = refusal.Status == StatusCodes.Status401Unauthorized ? LogLevel.Information : LogLevel.Warning;
            IdentityLog.Refused(logger, level, http.Request.Method, endpoint.RoutePattern.RawText, http.Features.Get<Caller>()?.ObjectId, refusal.Status, refusal.Why);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = http.Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        await Results.Problem(refusal.Why, statusCode: refusal.Status, extensions: refusal.Code is { } code ? [new("code", code)] : null).ExecuteAsync(http);
    }

    private async Task<Refusal?> RefusalAsync(HttpContext http, RouteEndpoint endpoint)
    {
        if (Tokens.ObjectIdOf(http.User) is not { } person)
        {
            if (http.Request.Headers.Authorization.Count == 0)
                return new(StatusCodes.Status401Unauthorized, "Sign in first: a bearer token says who asks.");
            return http.Features.Get<DirectoryIsAway>() is null
                ? new(StatusCodes.Status401Unauthorized, "The token is not valid here, or not any more. Sign in again.")
                : new(StatusCodes.Status503ServiceUnavailable, "The directory does not answer: nobody can be recognised. Ask again in a while.");
        }

        var member = await members.FindRecentAsync(person, http.RequestAborted);
        var caller = new Caller(person, Tokens.NameOf(http.User), Roles.Of(http.User), member?.Scope ?? Scope.None);
        http.Features.Set(caller);
        if (member is { IsActive: false })
            return new(StatusCodes.Status403Forbidden, "You were blocked. An operator can say why.");
        return await RefusalAsync(http, endpoint, caller) ?? TooLarge(http, endpoint);
    }

    private static async Task<Refusal?> RefusalAsync(HttpContext http, RouteEndpoint endpoint, Caller caller)
    {
        if (endpoint.Metadata.GetMetadata<Access>() is not { } access)
            return new(StatusCodes.Status403Forbidden, "Nobody may do this: it does not say who may.");
        if (caller.IsAny(access.To))
            return null;
        if (!caller.IsAny(access.Own))
            return new(StatusCodes.Status403Forbidden, "Your role does not allow this.");
        return access.Of == Owner.Listed || await access.Of!.OfAsync(http) is { } owned && owned.IsOf(caller, access.Own)
            ? null
            : new(StatusCodes.Status404NotFound, "There is no such thing, or it is not yours.", NotYours);
    }

    private static Refusal? TooLarge(HttpContext http, RouteEndpoint endpoint)
    {
        var limit = endpoint.Metadata.GetMetadata<BodyLimit>()?.Bytes ?? BodyLimit.JsonBytes;
        if (http.Request.ContentLength > limit)
            return new(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {limit / 1024} KB.");
        // What comes without a length is counted by whoever reads it, and cut off by the server.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = limit + 1024;
        return null;
    }

    private sealed record Refusal(int Status, string Why, string? Code = null);
}
