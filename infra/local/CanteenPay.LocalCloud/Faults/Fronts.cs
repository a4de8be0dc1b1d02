namespace CanteenPay.LocalCloud.Faults;

/// <summary>Puts faults and kills before the fronts that the function app calls, and before its own.</summary>
internal sealed class Fronts(FaultBoard board, HandlerKills kills, TimeProvider time)
{
    internal void Tables(IApplicationBuilder server)
    {
        var hop = new HttpHop(board[HopKind.Tables], FaultKind.Throttle, context => Answers.TablesBusyAsync(context, time.GetUtcNow()), Answers.CutAsync, time);
        server.Use(kills.InvokeAsync);
        server.Use(hop.InvokeAsync);
    }

    internal void ServiceBus(IApplicationBuilder server)
    {
        var hop = new HttpHop(board[HopKind.ServiceBus], FaultKind.Refuse, Answers.QueueBusyAsync, Answers.QueueFailedAsync, time);
        server.UseWhen(IsSend, sends =>
        {
            sends.Use(kills.InvokeAsync);
            sends.Use(hop.InvokeAsync);
        });
    }

    internal void EventGrid(IApplicationBuilder server) => server.Use(kills.InvokeAsync);

    internal void FrontDoor(IApplicationBuilder server)
    {
        var hop = new HttpHop(board[HopKind.FrontDoor], FaultKind.Refuse, Answers.NoHostAsync, Answers.CutAsync, time);
        server.Use(hop.InvokeAsync);
    }

    private static bool IsSend(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Value!.EndsWith("/messages", StringComparison.OrdinalIgnoreCase);
}
