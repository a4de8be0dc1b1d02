using System.Collections.ObjectModel;
using System.Text.Json;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>What a sender hands to a queue: the body and the properties that Service Bus lets a sender set.</summary>
internal sealed record QueueMessage(ReadOnlyMemory<byte> Body)
{
    /// <summary>At most 128 characters; null lets the queue draw one, and then nothing is ever taken for its duplicate.</summary>
    public string? MessageId { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Called "Subject" by the newer clients and "Label" on the wire.</summary>
    public string? Label { get; init; }

    public string? CorrelationId { get; init; }

    public string? SessionId { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? PartitionKey { get; init; }

    public string? ReplyTo { get; init; }

    public string? To { get; init; }

    /// <summary>How long the message may wait after it became active; null means the queue's default.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>When the message becomes active; null or a past time means at once.</summary>
    public DateTimeOffset? ScheduledEnqueueTime { get; init; }

    /// <summary>The sender's own properties, as the JSON values they travel as.</summary>
    public IReadOnlyDictionary<string, JsonElement> Properties { get; init; } = ReadOnlyDictionary<string, JsonElement>.Empty;
}
