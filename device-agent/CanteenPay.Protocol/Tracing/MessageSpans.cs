using System.Diagnostics;

namespace CanteenPay.Protocol;

/// <summary>
/// The spans of messages between machines and the cloud, named alike on both sides: of messages about orders alone, because those about cards are filled to the
/// last byte. Null, and free, while nobody listens to the source.
/// </summary>
public static class MessageSpans
{
    /// <summary>The attribute of the order that a span is about.</summary>
    public const string OrderTag = "canteenpay.order.id";

    /// <summary>Begins the handling of a message that arrived: in its trace, or in a new one when it bears none.</summary>
    public static Activity? Process(ActivitySource source, DeviceMessage message) =>
        Begin(source, "process", ActivityKind.Consumer, message, TraceContext.Read(message.Traceparent));

    /// <summary>Begins the sending of a message.</summary>
    /// <param name="source">Whose span it is.</param>
    /// <param name="message">What is sent.</param>
    /// <param name="parent">The span that sends it; null for a message that no trace is about: it is sent as it is.</param>
    /// <returns>The span, if there is one, and the message that bears it.</returns>
    public static (Activity? Span, DeviceMessage Message) Send(ActivitySource source, DeviceMessage message, ActivityContext? parent)
    {
        var span = parent is null ? null : Begin(source, "send", ActivityKind.Producer, message, parent);
        return (span, span is null ? message : message with { Traceparent = span.Id });
    }

    /// <summary>Begins a span below a parent, or a trace of its own: never below what happens to run here, which nobody may export.</summary>
    public static Activity? Begin(ActivitySource source, string name, ActivityKind kind, ActivityContext? parent)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.HasListeners())
            return null;
        if (parent is null)
            Activity.Current = null;
        return source.StartActivity(name, kind, parent ?? default);
    }

    private static Activity? Begin(ActivitySource source, string does, ActivityKind kind, DeviceMessage message, ActivityContext? parent)
    {
        ArgumentNullException.ThrowIfNull(message);
        return source.HasListeners() && OrderOf(message) is { } order
            ? Begin(source, $"{does} {DeviceMessageJson.TypeOf(message)}", kind, parent)?.SetTag(OrderTag, order.Value)
            : null;
    }

    private static OrderId? OrderOf(DeviceMessage message) => message switch
    {
        PayRequest request => request.OrderId,
        PayCancel cancel => cancel.OrderId,
        PayStatus status => status.OrderId,
        PayResultAck ack => ack.OrderId,
        PayRefund refund => refund.OrderId,
        PayQr qr => qr.OrderId,
        PayRefused refused => refused.OrderId,
        PayResult result => result.OrderId,
        PayRefundResult result => result.OrderId,
        _ => null,
    };
}
