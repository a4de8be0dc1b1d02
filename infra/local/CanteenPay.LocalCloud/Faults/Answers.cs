namespace CanteenPay.LocalCloud.Faults;

/// <summary>Failures as the services that are played here tell them.</summary>
internal static class Answers
{
    /// <summary>A storage account that throttles. It sends no Retry-After: the caller's own back-off has to do.</summary>
    internal static Task TablesBusyAsync(HttpContext context, DateTimeOffset now)
    {
        var id = Guid.NewGuid().ToString();
        context.Response.Headers["x-ms-request-id"] = id;
        context.Response.Headers["x-ms-version"] = context.Request.Headers["x-ms-version"];
        return WriteAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
            $$$$"""{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy.\nRequestId:{{{{id}}}}\nTime:{{{{now.UtcDateTime:O}}}}"}}}""");
    }

    internal static Task QueueBusyAsync(HttpContext context) => QueueErrorAsync(
        context,
        StatusCodes.Status503ServiceUnavailable,
        "The request was terminated because the entity is being throttled. Error code : 50009. Please wait 2 seconds and try again.");

    internal static Task QueueFailedAsync(HttpContext context) => QueueErrorAsync(
        context, StatusCodes.Status500InternalServerError, "The server was unable to process the request; please retry the operation.");

    internal static Task NoHostAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain; charset=utf-8", "Function host is not running.");

    internal static Task CutAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task QueueErrorAsync(HttpContext context, int status, string detail) =>
        WriteAsync(context, status, "application/xml; charset=utf-8", $"<Error><Code>{status}</Code><Detail>{detail}</Detail></Error>");

    private static Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
