using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>A message between a machine and the cloud. Unknown fields are ignored; every message is safe to receive twice and out of turn.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PayRequest), "pay-request")]
[JsonDerivedType(typeof(PayCancel), "pay-cancel")]
[JsonDerivedType(typeof(PayStatus), "pay-status")]
[JsonDerivedType(typeof(PayResultAck), "pay-result-ack")]
[JsonDerivedType(typeof(PayRefund), "pay-refund")]
[JsonDerivedType(typeof(PayQr), "pay-qr")]
[JsonDerivedType(typeof(PayRefused), "pay-refused")]
[JsonDerivedType(typeof(PayResult), "pay-result")]
[JsonDerivedType(typeof(PayRefundResult), "pay-refund-result")]
[JsonDerivedType(typeof(CardEntries), "card-entries")]
[JsonDerivedType(typeof(CardEntriesAck), "card-entries-ack")]
[JsonDerivedType(typeof(CardsPull), "cards-pull")]
[JsonDerivedType(typeof(CardsPart), "cards-part")]
[JsonDerivedType(typeof(CardsChanged), "cards-changed")]
[JsonDerivedType(typeof(MachineSettings), "settings")]
[JsonDerivedType(typeof(DeviceStatus), "status")]
[JsonDerivedType(typeof(DeviceOffline), "offline")]
[JsonDerivedType(typeof(StatusAck), "status-ack")]
public abstract record DeviceMessage
{
    /// <summary>Version of the protocol: 1.</summary>
    public int V { get; init; } = 1;

    /// <summary>Random, for logs only: never used to recognise a duplicate.</summary>
    public string Id { get; init; } = Crockford.Random(12);

    /// <summary>W3C trace context (<see cref="TraceContext"/>), where there is one; for tracing alone. What arrives malformed is read as none.</summary>
    [JsonConverter(typeof(TraceparentConverter))]
    public string? Traceparent { get; init; }
}
