namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// A message lent to one receiver until it is completed, abandoned, or its lock runs out.
/// <c>Address</c> is the queue, or its <c>/$deadletterqueue</c>, that it was received from; <c>DeliveryCount</c> is 1 on the first delivery;
/// <c>DeadLetterSource</c> names the queue that gave the message up when it was forwarded here from that queue's dead letters.
/// </summary>
internal sealed record LockedMessage(
    string Address,
    QueueMessage Message,
    string MessageId,
    long SequenceNumber,
    int DeliveryCount,
    Guid LockToken,
    DateTimeOffset LockedUntil,
    DateTimeOffset EnqueuedTime,
    DateTimeOffset ExpiresAt,
    string? DeadLetterSource);
