namespace CanteenPay.Azure.Functions;

/// <summary>
/// One invocation: which, of what, and what the queue says about the message. Nothing here is proof of who sent a message:
/// whoever may write to the queue chooses <see cref="MessageId"/> and <see cref="ApplicationProperties"/>.
/// </summary>
public sealed record FunctionContext
{
    /// <summary>The host's id of this invocation, for logs.</summary>
    public required string InvocationId { get; init; }

    /// <summary>The function's name.</summary>
    public required string FunctionName { get; init; }

    /// <summary>The payload as the trigger delivered it, before it was read: a message that nobody can act on is kept whole.</summary>
    public BinaryData Body { get; init; } = BinaryData.Empty;

    /// <summary>The message's id; null for timers.</summary>
    public string? MessageId { get; init; }

    /// <summary>How often the message was handed out, this time included (1 = first time, 10 = the last time by default).</summary>
    public int DeliveryCount { get; init; } = 1;

    /// <summary>When the queue took the message (or its schedule put it there), UTC. The host writes it without a zone; it is UTC all the same.</summary>
    public DateTimeOffset? EnqueuedTime { get; init; }

    /// <summary>The message's own properties, as text: numbers and dates as JSON writes them.</summary>
    public IReadOnlyDictionary<string, string> ApplicationProperties { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why the message was dead-lettered; null for others.</summary>
    public string? DeadLetterReason { get; init; }

    /// <summary>The queue's description of why the message was dead-lettered; null for others.</summary>
    public string? DeadLetterErrorDescription { get; init; }

    /// <summary>The queue that dead-lettered and forwarded this message; null for others.</summary>
    public string? DeadLetterSource { get; init; }
}
