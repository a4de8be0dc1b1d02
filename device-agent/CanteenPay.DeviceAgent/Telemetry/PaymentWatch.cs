using System.Diagnostics;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Telemetry;

/// <summary>
/// What is remembered of the newest payments to draw and measure them, in memory alone: a machine that was started again has cancelled what it waited for.
/// </summary>
internal sealed class PaymentWatch
{
    /// <summary>Most orders that are remembered.</summary>
    public const int MaxOrders = 100;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<OrderId, Watched> orders = [];

    /// <summary>Begins the trace of an order that is about to be stored for the first time.</summary>
    public Activity? Press(OrderId order)
    {
        var span = AgentSpans.Press(order);
        if (span?.Id is { } traceparent)
            Note(order, watched => watched with { Traceparent = traceparent });
        return span;
    }

    /// <summary>Takes what the cloud said: in its trace, if it bears one.</summary>
    /// <param name="message">What it said.</param>
    /// <param name="receivedAt">When, by the steady clock.</param>
    public Activity? Process(DeviceMessage message, DateTimeOffset receivedAt)
    {
        if (message is PayResult { Outcome: PayOutcome.Paid, AgeMs: >= 0 and var age, Say: not null } paid && age < TimeSpan.MillisecondsPerDay)
            Note(paid.OrderId, watched => watched with { PaidAt = receivedAt - TimeSpan.FromMilliseconds(age) });
        return AgentSpans.Process(message);
    }

    /// <summary>The trace of an order that was made here lately; null for others.</summary>
    public string? TraceOf(OrderId order)
    {
        lock (gate)
            return orders.GetValueOrDefault(order)?.Traceparent;
    }

    /// <summary>When, by the steady clock, an order was paid that is spoken of now; null where that was not said.</summary>
    public DateTimeOffset? PaidAt(Say say)
    {
        if (say is not Speak { RefundKey: null } speak)
            return null;
        lock (gate)
            return orders.GetValueOrDefault(speak.OrderId)?.PaidAt;
    }

    /// <summary>A QR came on the screen.</summary>
    public static void Shown(TimeSpan sincePressed)
    {
        AgentMeters.QrShown(sincePressed);
        Activity.Current?.AddEvent(new("qr shown"));
    }

    private void Note(OrderId order, Func<Watched, Watched> change)
    {
        lock (gate)
        {
            var known = orders.GetValueOrDefault(order);
            if (known is null && orders.Count == MaxOrders)
                orders.RemoveAt(0);
            orders[order] = change(known ?? new(null, null));
        }
    }

    private sealed record Watched(string? Traceparent, DateTimeOffset? PaidAt);
}
