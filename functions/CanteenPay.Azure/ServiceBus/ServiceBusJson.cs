using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CanteenPay.Azure.ServiceBus;

/// <summary>Messages as Service Bus' REST interface wants them. Headers stay ASCII: the writer escapes everything else.</summary>
internal static class ServiceBusJson
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string BrokerProperties(ServiceBusMessage message) => Encoding.ASCII.GetString(Write(json => WriteBrokerProperties(json, message)));

    internal static string Quote(string value) => Encoding.ASCII.GetString(Write(json => json.WriteStringValue(value)));

    internal static byte[] Batch(IReadOnlyList<ServiceBusMessage> messages) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteString("Body", Text(message));
            json.WritePropertyName("BrokerProperties");
            WriteBrokerProperties(json, message);
            if (message.ApplicationProperties.Count > 0)
            {
                json.WriteStartObject("UserProperties");
                foreach (var (name, value) in message.ApplicationProperties)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteBrokerProperties(Utf8JsonWriter json, ServiceBusMessage message)
    {
        json.WriteStartObject();
        json.WriteString("MessageId", message.MessageId);
        WriteGiven(json, "CorrelationId", message.CorrelationId);
        WriteGiven(json, "Label", message.Subject);
        if (message.ScheduledEnqueueTime != default)
        {
            json.WriteString("ScheduledEnqueueTimeUtc", WholeSecond(message.ScheduledEnqueueTime).ToString("R", CultureInfo.InvariantCulture));
        }

        if (message.TimeToLive is { } life)
        {
            json.WriteNumber("TimeToLive", (long)Math.Ceiling(life.TotalSeconds));
        }

        json.WriteEndObject();
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset time)
    {
        var over = time.Ticks % TimeSpan.TicksPerSecond;
        return over == 0 ? time.ToUniversalTime() : time.AddTicks(TimeSpan.TicksPerSecond - over).ToUniversalTime();
    }

    private static void WriteGiven(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static string Text(ServiceBusMessage message)
    {
        try
        {
            return StrictUtf8.GetString(message.Body.ToMemory().Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new ArgumentException($"The body of message '{message.MessageId}' is not UTF-8 text, which a batch carries. Send it alone.", nameof(message), e);
        }
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            write(json);
        }

        return stream.ToArray();
    }
}
