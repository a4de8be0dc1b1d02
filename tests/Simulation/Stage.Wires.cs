using Azure.Messaging;
using CanteenPay.Azure.InMemory;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;

namespace CanteenPay.Simulation;

/// <summary>What connects the parts of a stage.</summary>
internal sealed partial class Stage
{
    private readonly Dictionary<string, DateTimeOffset> lookedFor = new(StringComparer.Ordinal);
    private int routed;

    /// <summary>A machine's message is about to be routed; false keeps it from its queue.</summary>
    public Func<DeviceId, DeviceMessage, bool>? Routes { get; set; }

    /// <summary>An I/O of the cloud took effect.</summary>
    public Action<string>? Did { get; set; }

    /// <summary>The cloud has published.</summary>
    public Action<PublishedMessage>? Told { get; set; }

    /// <summary>Falsifies what the cloud publishes.</summary>
    public Func<PublishedMessage, PublishedMessage>? Falsifies { get; set; }

    /// <summary>Hands a message to whom it is for.</summary>
    public void Publish(PublishedMessage published)
    {
        published = Falsifies?.Invoke(published) ?? published;
        Told?.Invoke(published);
        Broker.FromCloud(published.Topic, published.Payload.ToMemory(), published.Options.Expiry);
    }

    /// <summary>The broker routes a machine's message to its queue.</summary>
    private void Route(DeviceId device, string topic, ReadOnlyMemory<byte> payload, DateTimeOffset takenAt)
    {
        if (!DeviceMessageJson.TryRead(payload.Span, out var message, out var error))
        {
            Verdict.Fail("the protocol", $"from {device}: {error}");
            return;
        }

        if (Routes?.Invoke(device, message) == false)
            return;
        var cloudEvent = new CloudEvent("canteen-events", "MQTT.EventPublished", BinaryData.FromBytes(payload), "application/octet-stream") { Subject = topic, Time = takenAt };
        cloudEvent.ExtensionAttributes["clientname"] = device.Value;
        Host.Deliver(new(Queues.Of(topic, device), $"e{++routed}", cloudEvent));
    }

    private void Happened(string operation)
    {
        if (operation.StartsWith("Publish ", StringComparison.Ordinal))
            Publish(Azure.Broker.Published[^1]);
        else if (Queues.Scheduled.FirstOrDefault(queue => operation.StartsWith(queue, StringComparison.Ordinal)) is { } queue)
            DeliverDue(queue);
        else
            Did?.Invoke(operation);
    }

    /// <summary>Hands out what is due in a queue, and comes back for the next.</summary>
    private void DeliverDue(string queue)
    {
        while (Azure.ServiceBus.TakeDue(queue) is { } due)
            Host.Deliver(new(queue, due.MessageId!, due.Body));
        if (Azure.ServiceBus.NextDue(queue) is not { } next || (lookedFor.TryGetValue(queue, out var before) && before == next))
            return;
        lookedFor[queue] = next;
        Agenda.After(next - Agenda.Now, World, () => DeliverDue(queue));
    }
}
