namespace CanteenPay.Azure.ServiceBus;

/// <summary>A message to send. It always has a <see cref="MessageId"/>: duplicate detection by it is what makes sending again safe.</summary>
public sealed class ServiceBusMessage(BinaryData body)
{
    /// <summary>The content, UTF-8 text in all our queues; at most 256 KB with the properties.</summary>
    public BinaryData Body { get; } = body ?? throw new ArgumentNullException(nameof(body));

    /// <summary>Ours, at most 128 characters. A message whose id the queue saw lately is taken and dropped. Needed.</summary>
    public string? MessageId { get; set; }

    /// <summary>What the message belongs to.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>What the message is about; <c>Label</c> on the wire.</summary>
    public string? Subject { get; set; }

    /// <summary>The content's type. Sent with single messages; a batch has no place for it.</summary>
    public string ContentType { get; set; } = "application/json";

    /// <summary>Not before this time; default is now. The wire has whole seconds: a fraction is rounded up, so a message is never early.</summary>
    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    /// <summary>Dropped when nobody took it in this time; null for the queue's own. Rounded up to whole seconds.</summary>
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Own properties. Names are HTTP tokens (letters, digits, <c>-</c>, <c>_</c>) and none that HTTP has already.</summary>
    public IDictionary<string, string> ApplicationProperties { get; } = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
