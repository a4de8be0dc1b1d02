using CanteenPay.Azure.EventGrid;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>Speaks to machines. An accepted publish is not a delivery: whatever must arrive is asked for again by the machine.</summary>
internal sealed class MachineLink(EventGridMqttClient broker)
{
    /// <summary>The broker's queue for a machine is small, and whatever is older has been asked for again.</summary>
    private static readonly TimeSpan CardsExpiry = TimeSpan.FromSeconds(60);

    /// <summary>Publishes a payment message to one machine.</summary>
    /// <param name="device">The machine.</param>
    /// <param name="message">What to say.</param>
    /// <param name="expiry">After this time the broker drops it; whole seconds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendPaymentAsync(DeviceId device, DeviceMessage message, TimeSpan? expiry, CancellationToken cancellationToken)
    {
        var (span, traced) = Spans.Send(message);
        using (span)
            await SendAsync(Topics.PaymentsDown(device), traced, expiry, cancellationToken);
    }

    /// <summary>Answers a machine's status.</summary>
    public Task SendStatusAsync(DeviceId device, StatusAck answer, CancellationToken cancellationToken) =>
        SendAsync(Topics.StatusDown(device), answer, TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>Publishes a card message to one machine, which asks again when it does not come.</summary>
    public Task SendCardsAsync(DeviceId device, DeviceMessage message, CancellationToken cancellationToken) =>
        SendAsync(Topics.CardsDown(device), message, CardsExpiry, cancellationToken);

    /// <summary>Tells all machines of a merchant which accounts changed. A machine that is away is not waited for: it pulls what it missed.</summary>
    public Task SendChangesAsync(CardsChanged changes, CancellationToken cancellationToken) =>
        SendAsync(Topics.MerchantCards(changes.MerchantId), changes, CardsExpiry, cancellationToken);

    /// <summary>Tells a machine how it is to work; the broker keeps it for a machine that is away.</summary>
    public Task SendSettingsAsync(DeviceId device, MachineSettings settings, CancellationToken cancellationToken) => broker.PublishAsync(
        Topics.SettingsDown(device),
        BinaryData.FromBytes(DeviceMessageJson.Write(settings)),
        new MqttPublishOptions { ContentType = "application/json", Retain = true },
        cancellationToken);

    private Task SendAsync(string topic, DeviceMessage message, TimeSpan? expiry, CancellationToken cancellationToken) => broker.PublishAsync(
        topic,
        BinaryData.FromBytes(DeviceMessageJson.Write(message)),
        new MqttPublishOptions { ContentType = "application/json", Expiry = expiry },
        cancellationToken);
}
