using CanteenPay.Azure.Functions;
using CanteenPay.Protocol;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Devices;

/// <summary>How machines are: queue <c>device-status</c>. Answered with the cloud's time, which machines go by, and with where the cloud stands.</summary>
internal sealed class MachineStatus(DeviceInbox inbox, DeviceRegistry devices, StatusAnswers answers)
{
    /// <summary>The queue.</summary>
    public const string Queue = "device-status";

    /// <summary>Takes one message.</summary>
    [Function("MachineStatus")]
    public Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = "ServiceBus")] CloudEvent routed, FunctionContext context, CancellationToken cancellationToken) =>
        inbox.TakeAsync(Queue, routed, context, TakeAsync, cancellationToken);

    private async Task TakeAsync(DeviceEnvelope envelope, CancellationToken cancellationToken)
    {
        if (await devices.FindAsync(envelope.Device, cancellationToken) is not { } device)
            throw new DeviceMessageException($"Machine {envelope.Device} is not enrolled.");
        switch (envelope.Message)
        {
            case DeviceStatus status when StatusRules.Problem(status) is { } problem:
                throw new DeviceMessageException($"The status of machine {envelope.Device} cannot be: {problem}");
            case DeviceStatus status:
                // The answer first: a machine without the time dates its orders by its own clock.
                await answers.SendAsync(device, status, cancellationToken);
                await devices.SaveStatusAsync(new(envelope.Device, envelope.SentAt, status), cancellationToken);
                break;
            case DeviceOffline:
                await devices.SaveStatusAsync(new(envelope.Device, envelope.SentAt, Status: null), cancellationToken);
                break;
            default:
                throw new DeviceMessageException($"Machine {envelope.Device} sent {envelope.Message.GetType().Name} to the status queue.");
        }
    }
}
