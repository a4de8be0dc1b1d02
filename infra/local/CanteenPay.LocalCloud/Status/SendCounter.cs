namespace CanteenPay.LocalCloud.Status;

/// <summary>Counts what Azure would bill as sends to Service Bus: requests over REST, not what Event Grid routes.</summary>
internal static class SendCounter
{
    internal static Func<HttpContext, RequestDelegate, Task> Middleware(Counters counters) => async (context, next) =>
    {
        await next(context);
        if (context.Response.StatusCode == StatusCodes.Status201Created && context.Request.Path.Value!.EndsWith("/messages", StringComparison.OrdinalIgnoreCase))
        {
            counters.Count(Counters.ServiceBusSend);
        }
    };
}
