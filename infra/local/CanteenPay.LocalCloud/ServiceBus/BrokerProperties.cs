using System.Globalization;
using System.Text.Json;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>The <c>BrokerProperties</c> of a message, as JSON on the wire.</summary>
internal static class BrokerProperties
{
    /// <summary>Sets on a message what a sender's properties say; names that are not known are passed over, as Azure passes over them.</summary>
    /// <exception cref="QueueException">A property has the wrong type or form.</exception>
    public static QueueMessage Apply(QueueMessage message, JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object)
            throw Bad("BrokerProperties is not a JSON object.");
        foreach (var property in properties.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null)
                message = Apply(message, property.Name, property.Value);
        }
        return message;
    }

    /// <summary>What a receiver is told, without line breaks and in ASCII, for a header.</summary>
    public static string Write(LockedMessage m)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("DeliveryCount", m.DeliveryCount);
            json.WriteString("EnqueuedTimeUtc", Rfc1123(m.EnqueuedTime));
            json.WriteString("LockToken", m.LockToken);
            json.WriteString("LockedUntilUtc", Rfc1123(m.LockedUntil));
            json.WriteString("MessageId", m.MessageId);
            json.WriteNumber("SequenceNumber", m.SequenceNumber);
            json.WriteString("State", "Active");
            json.WriteNumber("TimeToLive", (m.ExpiresAt - m.EnqueuedTime).TotalSeconds);
            Text("Label", m.Message.Label);
            Text("CorrelationId", m.Message.CorrelationId);
            Text("SessionId", m.Message.SessionId);
            Text("ReplyToSessionId", m.Message.ReplyToSessionId);
            Text("PartitionKey", m.Message.PartitionKey);
            Text("ReplyTo", m.Message.ReplyTo);
            Text("To", m.Message.To);
            Text("DeadLetterSource", m.DeadLetterSource);
            json.WriteEndObject();

            void Text(string name, string? value)
            {
                if (value is not null)
                    json.WriteString(name, value);
            }
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static QueueMessage Apply(QueueMessage m, string name, JsonElement value) => name switch
    {
        "MessageId" => m with { MessageId = Text(name, value) },
        "ContentType" => m with { ContentType = Text(name, value) },
        "Label" => m with { Label = Text(name, value) },
        "CorrelationId" => m with { CorrelationId = Text(name, value) },
        "SessionId" => m with { SessionId = Text(name, value) },
        "ReplyToSessionId" => m with { ReplyToSessionId = Text(name, value) },
        "PartitionKey" => m with { PartitionKey = Text(name, value) },
        "ReplyTo" => m with { ReplyTo = Text(name, value) },
        "To" => m with { To = Text(name, value) },
        "TimeToLive" => m with { TimeToLive = Seconds(name, value) },
        "TimeToLiveTimeSpan" => m with { TimeToLive = Span(name, value) },
        "ScheduledEnqueueTimeUtc" => m with { ScheduledEnqueueTime = Time(name, value) },
        _ => m,
    };

    private static string Text(string name, JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Bad($"{name} is not a text.");

    private static TimeSpan Seconds(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is > 0 and var seconds
            ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2))
            : throw Bad($"{name} is not a number of seconds above 0.");

    private static TimeSpan Span(string name, JsonElement value) =>
        TimeSpan.TryParse(Text(name, value), CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero ? span : throw Bad($"{name} is not a time span above 0.");

    // Only this form is documented for the wire; a laxer local reading would hide a sender that Azure refuses.
    private static DateTimeOffset Time(string name, JsonElement value) =>
        DateTimeOffset.TryParseExact(Text(name, value), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Bad($"{name} is not a time like 'Sun, 22 Nov 2026 02:00:00 GMT' (RFC 1123).");

    private static string Rfc1123(DateTimeOffset time) => time.ToString("r", CultureInfo.InvariantCulture);

    private static QueueException Bad(string message) => new(QueueRefusal.BadMessage, message);
}
