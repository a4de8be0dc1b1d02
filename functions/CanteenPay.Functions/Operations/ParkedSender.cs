using System.Globalization;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Night;

namespace CanteenPay.Functions.Operations;

/// <summary>Sends a parked message to its queue again, once its cause is gone. Only what was a message can be: a parked payment or refund needs a decision.</summary>
internal sealed class ParkedSender(ParkedStore store, ServiceBusClient serviceBus)
{
    private static readonly HashSet<string> Queues = new(StringComparer.Ordinal)
    {
        MachinePayments.Queue, MachineCards.Queue, MachineStatus.Queue, PaymentStepQueue.Queue, FeedWake.Queue, SettlementQueue.Queue, CopyQueue.Queue,
    };

    /// <summary>Whether it was a message of a queue that this app serves.</summary>
    public static bool CanSend(ParkedItem item) => Queues.Contains(item.Source);

    /// <summary>Sends it. Two who do so at once, or one who repeats it after a kill, send one message: its id is the item's and how often it was sent before.</summary>
    /// <exception cref="InvalidOperationException">It is no message: <see cref="CanSend"/> was not asked.</exception>
    public async Task SendAsync(ParkedItem item, CancellationToken cancellationToken)
    {
        if (!CanSend(item))
            throw new InvalidOperationException($"'{item.Source}' is no queue to which something can be sent again.");
        var message = new ServiceBusMessage(item.Body)
        {
            MessageId = string.Create(CultureInfo.InvariantCulture, $"again-{item.SentAgain + 1}-{Short(item.ItemId)}"),
        };
        await serviceBus.CreateSender(item.Source).SendMessageAsync(message, cancellationToken);
        await store.NoteSentAgainAsync(item, cancellationToken);
    }

    /// <summary>A message id has at most 128 characters.</summary>
    private static string Short(string id) => id.Length <= 100 ? id : id[^100..];
}
