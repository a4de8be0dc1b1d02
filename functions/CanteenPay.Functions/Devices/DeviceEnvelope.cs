using CanteenPay.Azure.EventGrid;
using CanteenPay.Protocol;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Devices;

/// <summary>A machine's message with the sender that the broker vouches for: a device id inside a payload proves nothing.</summary>
/// <param name="Device">The broker's word for who published.</param>
/// <param name="SentAt">When the broker took it.</param>
/// <param name="Message">What it says.</param>
internal sealed record DeviceEnvelope(DeviceId Device, DateTimeOffset SentAt, DeviceMessage Message)
{
    /// <summary>Reads a routed event.</summary>
    /// <exception cref="DeviceMessageException">It is not one, or its topic is not the sender's own.</exception>
    public static DeviceEnvelope Read(CloudEvent routed)
    {
        var message = RoutedMessage.Read(routed);
        if (!DeviceId.TryParse(message.ClientName, null, out var sender))
            throw new DeviceMessageException($"Client '{message.ClientName}' is not a machine.");
        if (!Topics.TryGetDevice(message.Topic, out var device) || device != sender)
            throw new DeviceMessageException($"Machine {sender} published to '{message.Topic}', which is not its own topic.");
        if (message.Time is not { } sentAt)
            throw new DeviceMessageException($"Machine {sender}: the broker did not say when it took the message, so nobody knows how old it is.");
        return DeviceMessageJson.TryRead(message.Payload, out var content, out var error)
            ? new(sender, sentAt, content)
            : throw new DeviceMessageException($"Machine {sender}: {error}");
    }
}

/// <summary>A message of a machine that cannot be acted on, however often it comes; it is kept for a person.</summary>
internal sealed class DeviceMessageException(string message) : Exception(message);
