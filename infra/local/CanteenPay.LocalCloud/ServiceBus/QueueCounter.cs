namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>The running counts of one queue; changed under the store's lock.</summary>
internal sealed class QueueCounter
{
    public long Sent { get; set; }

    public long Duplicates { get; set; }

    public long Delivered { get; set; }

    public long Completed { get; set; }

    public long Abandoned { get; set; }

    public long DeadLettered { get; set; }

    public long Expired { get; set; }

    public QueueCounts Read() => new(Sent, Duplicates, Delivered, Completed, Abandoned, DeadLettered, Expired);

    public void Reset() => Sent = Duplicates = Delivered = Completed = Abandoned = DeadLettered = Expired = 0;
}
