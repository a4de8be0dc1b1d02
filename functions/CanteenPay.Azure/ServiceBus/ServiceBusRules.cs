using System.Text.RegularExpressions;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>What Service Bus refuses or would misread, checked before sending.</summary>
internal static partial class ServiceBusRules
{
    internal const int MaxMessages = 100;

    // Standard tier, headers included.
    internal const int MaxBytes = 256 * 1024;
    internal const int MaxIdLength = 128;

    private const int MaxHeaderBytes = 64 * 1024;

    private static readonly HashSet<string> HttpNames = new(
        [
            "Accept", "Authorization", "BrokerProperties", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Expect", "Host", "Request-Id",
            "traceparent", "tracestate", "Transfer-Encoding", "User-Agent", "x-ms-client-request-id", "x-ms-return-client-request-id",
        ],
        StringComparer.OrdinalIgnoreCase);

    internal static void CheckQueue(string queueName)
    {
        ArgumentNullException.ThrowIfNull(queueName);
        if (!QueueName().IsMatch(queueName))
        {
            throw new ArgumentException($"'{queueName}' is no queue name: letters, digits, '.', '-' and '_', at most 260.", nameof(queueName));
        }
    }

    internal static void Check(ServiceBusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.MessageId is not { Length: > 0 and <= MaxIdLength })
        {
            throw new ArgumentException($"A message needs a MessageId of 1 to {MaxIdLength} characters: without one, sending again could double it.", nameof(message));
        }

        if (message.TimeToLive is { } life && life <= TimeSpan.Zero)
        {
            throw new ArgumentException($"The TimeToLive of message '{message.MessageId}' is {life}: it would never be delivered.", nameof(message));
        }

        if (message.ApplicationProperties.Keys.FirstOrDefault(name => !HeaderName().IsMatch(name) || HttpNames.Contains(name)) is { } wrong)
        {
            throw new ArgumentException(
                $"The property '{wrong}' of message '{message.MessageId}' cannot be a header: use letters, digits, '-' and '_', no name of HTTP.", nameof(message));
        }

        var properties = ServiceBusJson.BrokerProperties(message).Length
            + message.ApplicationProperties.Sum(property => property.Key.Length + ServiceBusJson.Quote(property.Value).Length);
        if (properties > MaxHeaderBytes || properties + message.Body.ToMemory().Length > MaxBytes)
        {
            throw new ArgumentException(
                $"Message '{message.MessageId}' has {message.Body.ToMemory().Length} bytes and {properties} of properties; "
                + $"{MaxBytes} together and {MaxHeaderBytes} of properties are possible.",
                nameof(message));
        }
    }

    internal static IReadOnlyList<ServiceBusMessage> CheckBatch(IEnumerable<ServiceBusMessage> messages)
    {
        ServiceBusMessage[] batch = [.. messages.Take(MaxMessages + 1)];
        if (batch.Length is 0 or > MaxMessages)
        {
            throw new ArgumentException($"A batch has 1 to {MaxMessages} messages.", nameof(messages));
        }

        foreach (var message in batch)
        {
            Check(message);
        }

        return batch;
    }

    internal static byte[] CheckSize(byte[] batch) => batch.Length <= MaxBytes
        ? batch
        : throw new ArgumentException($"The batch has {batch.Length} bytes; at most {MaxBytes} are possible: send fewer messages at once.", nameof(batch));

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,258}[A-Za-z0-9])?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QueueName();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,127}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeaderName();
}
