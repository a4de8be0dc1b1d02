using CanteenPay.Azure.Functions;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Cloud;

/// <summary>The queues and who reads them.</summary>
internal static class Queues
{
    public const string Payments = "device-payments";
    public const string Status = "device-status";
    public const string Polls = "payment-polls";
    public const string Parked = "parked";
    public const string Cards = "device-cards";
    public const string CardFeed = "card-feed";

    /// <summary>The queues that the cloud sends messages to itself by.</summary>
    public static readonly IReadOnlyList<string> Scheduled = [Polls, CardFeed];

    /// <summary>Where the broker routes what a machine publishes.</summary>
    public static string Of(string topic, DeviceId device) =>
        topic == Topics.StatusUp(device) ? Status : topic == Topics.CardsUp(device) ? Cards : Payments;
}

/// <summary>A message in a queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Id">Its id, for the trace.</param>
/// <param name="Body">A <c>CloudEvent</c> or the bytes.</param>
/// <param name="Deliveries">How often it was handed out, this time included.</param>
/// <param name="DeadLetterSource">The queue that gave up on it.</param>
internal sealed record QueuedMessage(string Queue, string Id, object Body, int Deliveries = 1, string? DeadLetterSource = null)
{
    /// <summary>What the host tells the function of it.</summary>
    public FunctionContext Context => new()
    {
        InvocationId = Id,
        FunctionName = Queue,
        MessageId = Id,
        DeliveryCount = Deliveries,
        DeadLetterReason = DeadLetterSource is null ? null : "MaxDeliveryCountExceeded",
        DeadLetterSource = DeadLetterSource,
    };
}
