using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.ServiceBus;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Status;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>Takes every message of the broker that a subscription may want and puts it, as a CloudEvent, into the queues of those that match.</summary>
/// <remarks>
/// The client acknowledges a message only when this reader comes back for the next one (<see cref="MqttOptions.MaxReceived"/> is 0), that is after the queue,
/// which is durable, has it: a kill in between brings the message again from the broker's session.
/// </remarks>
internal sealed class EventRouter(
    IMqttClient broker, QueueStore queues, IReadOnlyList<EventSubscription> subscriptions, MessageHop hop, Counters counters, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Asks the broker for everything below the subscriptions' prefixes; which of it is wanted is decided here, as in Azure.</summary>
    internal async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        foreach (var prefix in subscriptions.Select(s => s.SubjectBeginsWith).Distinct(StringComparer.Ordinal))
        {
            await broker.SubscribeAsync(FilterOf(prefix), cancellationToken);
        }
    }

    /// <summary>Routes until the client is disposed or this is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in broker.Received.WithCancellation(cancellationToken))
        {
            // Sent for the subscribe, not for a publish: it was routed when it was published.
            if (!message.Retain)
            {
                await RouteAsync(message, cancellationToken);
            }
        }
    }

    private async Task RouteAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions.Where(s => s.Matches(message.Topic)))
        {
            var now = time.GetUtcNow();
            await hop.PassAsync(cancellation => EnqueueAsync(subscription.Queue, Event(message, subscription, now), cancellation), cancellationToken);
        }
    }

    /// <summary>Each with an id of its own, also when one message is routed twice: the machine's copy was doubled, not Event Grid's, and no duplicate detection helps.</summary>
    private static QueueMessage Event(MqttMessage message, EventSubscription subscription, DateTimeOffset time)
    {
        var id = Guid.NewGuid();
        var clientName = RoutedEvent.ClientName(message.Topic, subscription.SubjectBeginsWith);
        return new(RoutedEvent.Write(id, time, message.Topic, clientName, message.Payload.Span)) { MessageId = id.ToString(), ContentType = RoutedEvent.ContentType };
    }

    /// <summary>A full queue is tried again, as Event Grid does for 24 hours; what a queue can never take is dropped, visibly.</summary>
    private async Task EnqueueAsync(string queue, QueueMessage message, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await queues.EnqueueAsync(queue, message, cancellationToken);
                counters.Count(Counters.MqttRouted);
                return;
            }
            catch (QueueException exception) when (exception.Refusal is QueueRefusal.QuotaExceeded)
            {
                logger.LogWarning("Queue {Queue} is full; the broker's messages wait", queue);
                await Task.Delay(RetryAfter, time, cancellationToken);
            }
            catch (QueueException exception)
            {
                counters.Count(Counters.MqttUndeliverable);
                logger.LogError(exception, "A routed message is lost: queue {Queue} refused it", queue);
                return;
            }
        }
    }

    private static string FilterOf(string prefix) => prefix[..(prefix.LastIndexOf('/') + 1)] + "#";
}
