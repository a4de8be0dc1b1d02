using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.Host.Invocations;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.Host.Proxy;

/// <summary>What the world outside reaches: HTTP functions by their routes, 404 for all else, also for what looks like an invocation.</summary>
internal sealed class FrontDoor(RouteTable routes, HandlerGroup group, IReadOnlyDictionary<string, FunctionCounter> counters, HttpProxy proxy)
{
    public async Task ServeAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (routes.Find(context.Request.Method, target, context.Request.Path) is not { } function)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        Uri address;
        try
        {
            address = await group.AddressAsync(context.RequestAborted);
        }
        catch (HandlerGoneException e)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(e.Message, context.RequestAborted);
            return;
        }
        var counter = counters[function.Name];
        counter.Begin();
        string? error = "The request was broken off.";
        try
        {
            error = await proxy.ForwardAsync(context, address, target);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; there is nobody to answer.
        }
        finally
        {
            counter.End(error);
        }
    }
}
