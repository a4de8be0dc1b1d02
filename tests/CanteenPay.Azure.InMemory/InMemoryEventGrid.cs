using System.Collections.Concurrent;
using CanteenPay.Azure.EventGrid;

namespace CanteenPay.Azure.InMemory;

/// <summary>A broker that records what is published to it. The hooks see each I/O as <c>Publish {topic}</c>.</summary>
public sealed class InMemoryEventGrid : EventGridMqttClient
{
    private readonly ConcurrentQueue<PublishedMessage> published = new();

    /// <summary>Called before each I/O; throwing kills the publisher before the message is out.</summary>
    public Func<string, Task>? BeforeOperation { get; set; }

    /// <summary>Called after each I/O that succeeded; throwing drops the answer.</summary>
    public Func<string, Task>? AfterOperation { get; set; }

    /// <summary>Everything that was published, in order.</summary>
    public IReadOnlyList<PublishedMessage> Published => [.. published];

    /// <inheritdoc/>
    public override async Task PublishAsync(string topic, BinaryData payload, MqttPublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= MqttPublishOptions.Default;
        MqttRules.Check(topic, payload, options);
        cancellationToken.ThrowIfCancellationRequested();
        await (BeforeOperation?.Invoke($"Publish {topic}") ?? Task.CompletedTask);
        published.Enqueue(new(topic, payload, options));
        await (AfterOperation?.Invoke($"Publish {topic}") ?? Task.CompletedTask);
    }
}

/// <summary>One message as it was published.</summary>
public sealed record PublishedMessage(string Topic, BinaryData Payload, MqttPublishOptions Options);
