using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Cards;

/// <summary>What machines say of card money: queue <c>device-cards</c>.</summary>
internal sealed class MachineCards(DeviceInbox inbox, Booking booking, CardPulls pulls)
{
    /// <summary>The queue.</summary>
    public const string Queue = "device-cards";

    /// <summary>Takes one message. Safe to run again after any step.</summary>
    [Function("MachineCards")]
    public Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = "ServiceBus")] CloudEvent routed, FunctionContext context, CancellationToken cancellationToken) =>
        inbox.TakeAsync(Queue, routed, context, TakeAsync, cancellationToken);

    private Task TakeAsync(DeviceEnvelope envelope, CancellationToken cancellationToken) => envelope.Message switch
    {
        CardEntries batch => booking.TakeAsync(envelope, batch, cancellationToken),
        CardsPull pull => pulls.AnswerAsync(envelope.Device, pull, cancellationToken),
        var other => throw new DeviceMessageException($"Machine {envelope.Device} sent {other.GetType().Name} to the cards queue."),
    };
}
