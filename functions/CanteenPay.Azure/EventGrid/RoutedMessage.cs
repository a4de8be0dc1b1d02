using Azure.Messaging;

namespace CanteenPay.Azure.EventGrid;

/// <summary>An MQTT message that the broker routed to a queue.</summary>
/// <param name="ClientName">Who published it: the broker's own word, from the enrichment <c>clientname</c>, never from the payload.</param>
/// <param name="Topic">Where it was published.</param>
/// <param name="Payload">What was published, byte for byte (JSON that the broker took for JSON may be spaced differently).</param>
/// <param name="Time">When the broker received it.</param>
public sealed record RoutedMessage(string ClientName, string Topic, BinaryData Payload, DateTimeOffset? Time)
{
    /// <summary>No MQTT message is larger.</summary>
    public const int MaxPayloadBytes = MqttRules.MaxPayloadBytes;

    private const int MaxNameLength = 128;

    /// <summary>Reads the event, with its payload in <c>data</c> or <c>data_base64</c>.</summary>
    /// <exception cref="RoutedMessageException">Client name, topic or payload is missing, empty or too large: nobody can act on it.</exception>
    public static RoutedMessage Read(CloudEvent routed)
    {
        ArgumentNullException.ThrowIfNull(routed);
        if (!routed.ExtensionAttributes.TryGetValue("clientname", out var name) || name is not string { Length: > 0 and <= MaxNameLength } clientName)
        {
            throw new RoutedMessageException($"Event '{routed.Id}' has no client name: the namespace's routing lacks the enrichment 'clientname', or the event is forged.");
        }

        if (string.IsNullOrEmpty(routed.Subject) || routed.Subject.Length > MqttRules.MaxTopicBytes)
        {
            throw new RoutedMessageException($"Event '{routed.Id}' has no topic in 'subject'.");
        }

        if (routed.Data is not { } payload || payload.ToMemory().Length is 0 or > MaxPayloadBytes)
        {
            throw new RoutedMessageException($"Event '{routed.Id}' of '{clientName}' has no payload, or one of more than {MaxPayloadBytes} bytes.");
        }

        return new(clientName, routed.Subject, payload, routed.Time);
    }
}

/// <summary>An event that no broker of ours routed.</summary>
public sealed class RoutedMessageException(string message) : FormatException(message);
