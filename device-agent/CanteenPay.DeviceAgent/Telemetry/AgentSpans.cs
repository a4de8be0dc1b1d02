using System.Diagnostics;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Telemetry;

/// <summary>The machine's spans: a payment's trace begins with the press of the key. Null, and free, while nobody exports them.</summary>
internal static class AgentSpans
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "CanteenPay.DeviceAgent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace context of what runs here; null where no span of ours does.</summary>
    public static string? Current => Own?.Id;

    private static Activity? Own => Activity.Current is { Source.Name: SourceName } own ? own : null;

    /// <summary>The root of a payment's trace; within the cloud's word that made the order necessary, a part of that.</summary>
    public static Activity? Press(OrderId order) =>
        MessageSpans.Begin(Source, "press cloud pay", ActivityKind.Internal, Own?.Context)?.SetTag(MessageSpans.OrderTag, order.Value);

    /// <summary>Takes what the cloud said; null for what bears no trace.</summary>
    public static Activity? Process(DeviceMessage message) => message.Traceparent is null ? null : MessageSpans.Process(Source, message);

    /// <summary>Sends a message to the cloud, in the trace that it bears.</summary>
    public static (Activity? Span, DeviceMessage Message) Send(DeviceMessage message) => MessageSpans.Send(Source, message, TraceContext.Read(message.Traceparent));

    /// <summary>The machine speaks; null where no trace is about it.</summary>
    public static Activity? Speak(string? traceparent) =>
        TraceContext.Read(traceparent) is { } parent ? MessageSpans.Begin(Source, "speak", ActivityKind.Internal, parent) : null;
}
