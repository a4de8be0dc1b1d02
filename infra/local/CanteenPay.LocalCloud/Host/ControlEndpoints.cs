using CanteenPay.LocalCloud.ServiceBus;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CanteenPay.LocalCloud.Host;

/// <summary>What tests and the status page steer by: <c>POST /queues/{q}/hold</c>, <c>/queues/{q}/release</c>, <c>/timers/{name}/fire</c>.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints, QueueStore queues, FunctionsHost host)
    {
        endpoints.MapPost("/queues/{queue}/hold", (RequestDelegate)(context => Steer(context, queues.Hold)));
        endpoints.MapPost("/queues/{queue}/release", (RequestDelegate)(context => Steer(context, queues.Release)));
        endpoints.MapPost("/timers/{name}/fire", (RequestDelegate)(context => FireAsync(context, host)));
    }

    private static Task Steer(HttpContext context, Action<string> steer)
    {
        try
        {
            steer((string)context.GetRouteValue("queue")!);
            return TypedResults.NoContent().ExecuteAsync(context);
        }
        catch (QueueException e)
        {
            return Text(e.Message, StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
    }

    private static async Task FireAsync(HttpContext context, FunctionsHost host)
    {
        try
        {
            var error = await host.FireTimerAsync((string)context.GetRouteValue("name")!, context.RequestAborted);
            await (error is null ? TypedResults.NoContent() : (IResult)Text(error, StatusCodes.Status502BadGateway)).ExecuteAsync(context);
        }
        catch (KeyNotFoundException e)
        {
            await Text(e.Message, StatusCodes.Status404NotFound).ExecuteAsync(context);
        }
    }

    private static ContentHttpResult Text(string text, int status) => TypedResults.Content(text, "text/plain; charset=utf-8", statusCode: status);
}
