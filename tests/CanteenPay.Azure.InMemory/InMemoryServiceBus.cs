using CanteenPay.Azure.ServiceBus;

namespace CanteenPay.Azure.InMemory;

/// <summary>
/// Queues in memory: the sender's checks, duplicates dropped by their id (for ever), and messages that a test takes out when they are due.
/// The hooks see each I/O as <c>{queue}.Send {messageId}</c> (a batch: <c>{queue}.SendBatch {count}</c>).
/// </summary>
public sealed class InMemoryServiceBus(TimeProvider? time = null) : ServiceBusClient
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<ServiceBusMessage>> sent = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<ServiceBusMessage>> waiting = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>Called before each I/O; throwing kills the sender before the message is stored.</summary>
    public Func<string, Task>? BeforeOperation { get; set; }

    /// <summary>Called after each I/O that succeeded; throwing drops the answer.</summary>
    public Func<string, Task>? AfterOperation { get; set; }

    /// <inheritdoc/>
    public override string FullyQualifiedNamespace => "in-memory";

    /// <inheritdoc/>
    public override ServiceBusSender CreateSender(string queueName)
    {
        ServiceBusRules.CheckQueue(queueName);
        return new Sender(this, queueName);
    }

    /// <summary>Every message the queue ever accepted, in order; duplicates are not among them.</summary>
    public IReadOnlyList<ServiceBusMessage> Sent(string queueName)
    {
        lock (gate)
        {
            return [.. sent.GetValueOrDefault(queueName, [])];
        }
    }

    /// <summary>Every message not yet taken, by the time it is due.</summary>
    public IReadOnlyList<ServiceBusMessage> Waiting(string queueName)
    {
        lock (gate)
        {
            return [.. waiting.GetValueOrDefault(queueName, []).OrderBy(message => message.ScheduledEnqueueTime)];
        }
    }

    /// <summary>When the queue's next message is due (the past for one without a schedule); null when it is empty.</summary>
    public DateTimeOffset? NextDue(string queueName) => Waiting(queueName) is [var first, ..] ? first.ScheduledEnqueueTime : null;

    /// <summary>Takes the message that is due first out of the queue; null when none is due by now.</summary>
    public ServiceBusMessage? TakeDue(string queueName)
    {
        lock (gate)
        {
            var due = Waiting(queueName).FirstOrDefault(message => message.ScheduledEnqueueTime <= time.GetUtcNow());
            if (due is not null)
            {
                waiting[queueName].Remove(due);
            }

            return due;
        }
    }

    private async Task StoreAsync(string queueName, string operation, IReadOnlyList<ServiceBusMessage> messages)
    {
        await (BeforeOperation?.Invoke($"{queueName}.{operation}") ?? Task.CompletedTask);
        lock (gate)
        {
            var known = Of(sent, queueName);
            foreach (var message in messages.Where(message => !known.Any(other => other.MessageId == message.MessageId)))
            {
                known.Add(message);
                Of(waiting, queueName).Add(message);
            }
        }

        await (AfterOperation?.Invoke($"{queueName}.{operation}") ?? Task.CompletedTask);
    }

    private static List<ServiceBusMessage> Of(Dictionary<string, List<ServiceBusMessage>> queues, string queueName)
    {
        if (!queues.TryGetValue(queueName, out var messages))
        {
            queues[queueName] = messages = [];
        }

        return messages;
    }

    private sealed class Sender(InMemoryServiceBus bus, string queueName) : ServiceBusSender(queueName)
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            ServiceBusRules.Check(message);
            cancellationToken.ThrowIfCancellationRequested();
            return bus.StoreAsync(EntityPath, $"Send {message.MessageId}", [message]);
        }

        public override Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
        {
            var batch = ServiceBusRules.CheckBatch(messages);
            ServiceBusRules.CheckSize(ServiceBusJson.Batch(batch));
            cancellationToken.ThrowIfCancellationRequested();
            return bus.StoreAsync(EntityPath, $"SendBatch {batch.Count}", batch);
        }
    }
}
