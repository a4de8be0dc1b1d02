using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// Before a handler that may change something runs, the audit holds who asks for what; before its answer goes out, what came of it. What cannot be noted is not done.
/// </summary>
internal sealed class AuditFilter(AuditBook book, TimeProvider clock, ILogger<AuditFilter> logger) : IEndpointFilter
{
    private const int RequestLength = 16;

    private static readonly SafeFields Nothing = new([]);

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method))
            return await next(context);
        var safe = http.GetEndpoint()?.Metadata.GetMetadata<SafeFields>() ?? Nothing;
        var (body, tooLarge) = await BodyAsync(http, safe);
        if (tooLarge is not null)
            return tooLarge;

        var asked = Asked(http, body);
        try
        {
            await book.AddAsync(asked, http.RequestAborted);
        }
        catch (AuditException)
        {
            return Results.Problem("The audit cannot be written now, so nothing is changed. Ask again in a while.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        object? answer;
        try
        {
            answer = await next(context);
        }
        catch
        {
            await NoteAsync(Outcome(http, asked, AuditKind.Failed, StatusCodes.Status500InternalServerError, safe));
            throw;
        }

        var status = StatusOf(answer, http);
        await NoteAsync(Outcome(http, asked, status < StatusCodes.Status400BadRequest ? AuditKind.Done : AuditKind.Refused, status, safe));
        return answer;
    }

    private AuditEntry Asked(HttpContext http, string? body)
    {
        var caller = http.Caller();
        return new()
        {
            Request = Crockford.Random(RequestLength),
            At = clock.GetUtcNow(),
            Kind = AuditKind.Asked,
            Who = caller.ObjectId,
            Name = caller.Name,
            Roles = string.Join(' ', caller.Roles.Order()),
            What = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}",
            Subject = AuditSubject.Of(http.Request.RouteValues),
            From = FrontDoorAddress.Of(http),
            Body = body,
        };
    }

    private AuditEntry Outcome(HttpContext http, AuditEntry asked, AuditKind kind, int status, SafeFields safe)
    {
        var change = http.Audit();
        return asked with
        {
            At = clock.GetUtcNow(),
            Kind = kind,
            Status = status,
            Body = null,
            Before = AuditMask.Of(change.Before, safe),
            After = AuditMask.Of(change.After, safe),
        };
    }

    /// <summary>What was done stays done: that its outcome could not be noted is logged, and shows by its absence.</summary>
    private async Task NoteAsync(AuditEntry outcome)
    {
        try
        {
            await book.AddAsync(outcome, CancellationToken.None);
        }
        catch (AuditException e)
        {
            AuditLog.OutcomeNotKept(logger, e, outcome.Request, outcome.What, outcome.Who, outcome.Status ?? 0);
        }
    }

    /// <summary>JSON is read here and put back for the handler; what may be larger is the handler's alone.</summary>
    private static async Task<(string? Body, IResult? TooLarge)> BodyAsync(HttpContext http, SafeFields safe)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>() is not null)
            return (AuditMask.OfSize(http.Request.ContentLength), null);
        if (await RequestBytes.ReadAsync(http.Request, BodyLimit.JsonBytes, http.RequestAborted) is not { } bytes)
            return (null, RequestJson.TooLarge);
        http.Request.Body = new MemoryStream(bytes, writable: false);
        return (AuditMask.Of(bytes, safe), null);
    }

    private static int StatusOf(object? answer, HttpContext http) => answer switch
    {
        INestedHttpResult nested => StatusOf(nested.Result, http),
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        // Also what was refused because a value of the route could not be read.
        _ => http.Response.StatusCode,
    };
}
