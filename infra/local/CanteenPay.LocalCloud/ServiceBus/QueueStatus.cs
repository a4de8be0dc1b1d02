namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// One queue as the status page shows it: what it holds now, and what it has done since start or the last reset.
/// <c>DeadLetters</c> are the messages in its own <c>/$deadletterqueue</c>.
/// </summary>
internal sealed record QueueStatus(string Name, bool Held, int Ready, int Scheduled, int InFlight, int DeadLetters, QueueCounts Counts);

/// <summary>What a queue has done since start or the last reset.</summary>
/// <param name="Sent">Messages accepted from senders, duplicates not included.</param>
/// <param name="Duplicates">Sends that answered as accepted and were dropped.</param>
/// <param name="Delivered">Deliveries to receivers, redeliveries included.</param>
/// <param name="Completed">Messages that a receiver finished.</param>
/// <param name="Abandoned">Deliveries given back, and locks that ran out.</param>
/// <param name="DeadLettered">Messages given up.</param>
/// <param name="Expired">Messages whose time to live ran out.</param>
internal sealed record QueueCounts(long Sent, long Duplicates, long Delivered, long Completed, long Abandoned, long DeadLettered, long Expired);
