using CanteenPay.Azure.EventGrid;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>Speaks to machines. An accepted publish is not a delivery: whatever must arrive is asked for again by the machine.</summary>
internal sealed class MachineLink(EventGridMqttClient broker)
{
    /// <summary>Publishes a payment message to one machine.</summary>
    /// <param name="device">The machine.</param>
    /// <param name="message">What to say.</param>
    /// <param name="expiry">After this time the broker drops it; whole seconds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SendPaymentAsync(DeviceId device, DeviceMessage message, TimeSpan? expiry, CancellationToken cancellationToken) =>
        SendAsync(Topics.PaymentsDown(device), message, expiry, cancellationToken);

    /// <summary>Answers a machine's status.</summary>
    public Task SendStatusAsync(DeviceId device, StatusAck answer, CancellationToken cancellationToken) =>
        SendAsync(Topics.StatusDown(device), answer, TimeSpan.FromSeconds(30), cancellationToken);

    private Task SendAsync(string topic, DeviceMessage message, TimeSpan? expiry, CancellationToken cancellationToken) => broker.PublishAsync(
        topic,
        BinaryData.FromBytes(DeviceMessageJson.Write(message)),
        new MqttPublishOptions { ContentType = "application/json", Expiry = expiry },
        cancellationToken);
}
