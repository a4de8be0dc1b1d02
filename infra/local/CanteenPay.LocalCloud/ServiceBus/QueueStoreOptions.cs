namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>Which queues there are and the rules they keep. The defaults are those that the product's Azure queues are declared with.</summary>
/// <remarks>
/// Every <see cref="TimeSpan"/> here, and every delay a sender asks for, is multiplied by <see cref="TimeScale"/>:
/// with 0.1 a message scheduled for 2 s from now becomes due after 0.2 s.
/// </remarks>
internal sealed record QueueStoreOptions
{
    /// <summary>The SQLite file; its folder is made when it is missing.</summary>
    public required string File { get; init; }

    /// <summary>The queues' names, compared without regard to case; a name that ends in <c>/$deadletterqueue</c> stands for its queue.</summary>
    public required IReadOnlyCollection<string> Queues { get; init; }

    /// <summary>The queue that the dead letters of all others are forwarded to. Where it is not among <see cref="Queues"/>, each queue keeps its own.</summary>
    public string ForwardDeadLettersTo { get; init; } = "parked";

    public int MaxDeliveryCount { get; init; } = 10;

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan DuplicateDetectionWindow { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan DefaultTimeToLive { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Messages that one queue holds in any state; a sender past it is refused, as Azure refuses at its quota.</summary>
    public int MaxMessages { get; init; } = 100_000;

    /// <summary>Greater than 0.</summary>
    public double TimeScale { get; init; } = 1;
}
