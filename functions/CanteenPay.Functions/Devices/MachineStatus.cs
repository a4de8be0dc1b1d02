using CanteenPay.Azure.Functions;
using CanteenPay.Protocol;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Devices;

/// <summary>How machines are: queue <c>device-status</c>. Answered with the cloud's time, which machines go by.</summary>
internal sealed class MachineStatus(DeviceRegistry devices, MachineLink machines, TimeProvider clock)
{
    /// <summary>Takes one message.</summary>
    [Function("MachineStatus")]
    public async Task RunAsync([ServiceBusTrigger("device-status", Connection = "ServiceBus")] CloudEvent routed, CancellationToken cancellationToken)
    {
        var envelope = DeviceEnvelope.Read(routed, clock);
        switch (envelope.Message)
        {
            case DeviceStatus status:
                // The time first: a machine without it dates its orders by its own clock.
                await machines.SendStatusAsync(envelope.Device, new StatusAck { Now = BusinessDay.Local(clock.GetUtcNow()), InReplyTo = status.Id }, cancellationToken);
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
