namespace CanteenPay.Azure.EventGrid;

/// <summary>How one message is published. QoS is always 1: the broker acknowledges, and a receiver may see it twice.</summary>
public sealed record MqttPublishOptions
{
    /// <summary>Not retained, no expiry, JSON.</summary>
    public static MqttPublishOptions Default { get; } = new();

    /// <summary>Kept by the broker for those who subscribe later; at most 64 KB, billed twice.</summary>
    public bool Retain { get; init; }

    /// <summary>Dropped by the broker when it could not be delivered in this time; null for never. Rounded up to whole seconds.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>The payload's type.</summary>
    public string ContentType { get; init; } = "application/json";
}
