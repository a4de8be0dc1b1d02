using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// Before a handler that may change something runs, the audit holds who asks for what; before its answer goes out, what came of it. What cannot be noted is not done.
/// </summary>
internal sealed class AuditFilter(AuditBook book, TimeProvider clock, ILogger<AuditFilter> logger) : IEndpointFilter
{
    private const int RequestLength = 16;

    /// <summary>Instead of what it is now: this request changed nothing, another one with the same key did.</summary>
    private const string Repeated = """{"repeated":true}""";

    private static readonly SafeFields Nothing = new([]);

    /// <summary>What cannot be noted is not done; neither is what a handler might read otherwise than the audit.</summary>
    private static readonly IResult Unreadable = Results.Problem(
        "The body is not JSON as it is taken here: each name once, at most 100 fields in an object, 16 levels, whole characters.", statusCode: StatusCodes.Status400BadRequest);

    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method))
            return await next(context);
        var safe = http.GetEndpoint()?.Metadata.GetMetadata<SafeFields>() ?? Nothing;
        var (body, refusal) = await BodyAsync(http, safe);
        if (refusal is not null)
            return refusal;

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
        catch (Exception broken)
        {
            await NoteAsync(Outcome(http, asked, AuditKind.Failed, Answers.StatusOf(broken), safe));
            throw;
        }

        var status = StatusOf(answer, http);
        await NoteAsync(Outcome(http, asked, KindOf(status), status, safe));
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
            After = change.IsRepeat ? Repeated : AuditMask.Of(change.After, safe),
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
    private static async Task<(string? Body, IResult? Refusal)> BodyAsync(HttpContext http, SafeFields safe)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<BodyLimit>() is not null)
            return (AuditMask.OfSize(http.Request.ContentLength), null);
        if (await RequestBytes.ReadAsync(http.Request, BodyLimit.JsonBytes, http.RequestAborted) is not { } bytes)
            return (null, RequestJson.TooLarge);
        http.Request.Body = new MemoryStream(bytes, writable: false);
        return AuditMask.TryOf(bytes, safe, out var masked) ? (masked, null) : (null, Unreadable);
    }

    private static AuditKind KindOf(int status) => status switch
    {
        < StatusCodes.Status400BadRequest => AuditKind.Done,
        < StatusCodes.Status500InternalServerError => AuditKind.Refused,
        _ => AuditKind.Failed,
    };

    private static int StatusOf(object? answer, HttpContext http) => answer switch
    {
        INestedHttpResult nested => StatusOf(nested.Result, http),
        IStatusCodeHttpResult { StatusCode: { } status } => status,
        // Also what was refused because a value of the route could not be read.
        _ => http.Response.StatusCode,
    };
}
