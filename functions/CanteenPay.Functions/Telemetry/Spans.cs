using System.Diagnostics;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Telemetry;

/// <summary>
/// The app's spans. Null, and free, while nobody exports them. They hang below a machine's message, an order or one another, never below what ASP.NET or the
/// Functions host began: that is not exported with them.
/// </summary>
internal static class Spans
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "CanteenPay.Functions";

    /// <summary>The property in which a Service Bus message bears its trace context, named as Azure's own clients name it.</summary>
    public const string MessageProperty = "Diagnostic-Id";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The trace context of what runs here; null where no span of ours does.</summary>
    public static string? Current => Own?.Id;

    private static Activity? Own => Activity.Current is { Source.Name: SourceName } own ? own : null;

    /// <summary>Takes a machine's message: in the machine's trace, or in a new one.</summary>
    public static Activity? Process(DeviceMessage message) => MessageSpans.Process(Source, message);

    /// <summary>Goes on in a trace that was begun elsewhere; null where there is none.</summary>
    public static Activity? Continue(string name, string? traceparent) =>
        TraceContext.Read(traceparent) is { } parent ? MessageSpans.Begin(Source, name, ActivityKind.Consumer, parent) : null;

    /// <summary>Goes on in the trace of an order; null where it has none.</summary>
    public static Activity? Continue(string name, Order order) => Continue(name, order.Traceparent)?.SetTag(MessageSpans.OrderTag, order.Id.Value);

    /// <summary>A part of what runs here; null outside of a span of ours.</summary>
    public static Activity? Start(string name, ActivityKind kind = ActivityKind.Internal) => Own is null ? null : Source.StartActivity(name, kind);

    /// <summary>Sends a message to a machine: as a part of what runs here, else in the trace that it bears.</summary>
    public static (Activity? Span, DeviceMessage Message) Send(DeviceMessage message) =>
        MessageSpans.Send(Source, message, Own?.Context ?? TraceContext.Read(message.Traceparent));

    /// <summary>Marks a span as failed, by the kind of the failure alone: its words may name people.</summary>
    public static void Fail(this Activity span, Exception failure) => span.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.GetType().FullName);
}
