using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>Reads what a sender posts: one message with its properties in headers, or a batch with everything in the body.</summary>
internal static class SentMessages
{
    private const string BatchType = "application/vnd.microsoft.servicebus.json";

    // A batch is longer on the wire than what counts, by its JSON around the messages.
    private const int MaxBatchBytes = 4 * QueueStore.MaxMessageBytes;

    private static readonly FrozenSet<string> NotProperties = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Authorization", "ServiceBusAuthorization", "ServiceBusSupplementaryAuthorization", "BrokerProperties", "Host", "Connection", "Keep-Alive", "Content-Length",
        "Content-Type", "Content-Encoding", "Transfer-Encoding", "User-Agent", "Date", "Expect", "Max-Forwards", "Age", "DNT", "traceparent", "tracestate", "baggage",
        "Request-Id", "Correlation-Context");

    /// <exception cref="QueueException">Too large, or not what a sender posts.</exception>
    public static async Task<IReadOnlyList<QueueMessage>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var batch = request.ContentType?.Split(';')[0].Trim().Equals(BatchType, StringComparison.OrdinalIgnoreCase) == true;
        var body = await BytesAsync(request, batch ? MaxBatchBytes : QueueStore.MaxMessageBytes, cancellationToken);
        return batch ? Batch(body) : [Single(request, body)];
    }

    private static QueueMessage Single(HttpRequest request, byte[] body)
    {
        var message = new QueueMessage(body) { ContentType = request.ContentType, Properties = Properties(request.Headers) };
        return request.Headers.TryGetValue("BrokerProperties", out var text)
            ? BrokerProperties.Apply(message, Parse(Encoding.UTF8.GetBytes(text.ToString()), "BrokerProperties"))
            : message;
    }

    private static List<QueueMessage> Batch(byte[] body)
    {
        var array = Parse(body, "The batch");
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() == 0)
            throw new QueueException(QueueRefusal.BadMessage, "The batch is not a JSON array of messages.");
        return [.. array.EnumerateArray().Select(Item)];
    }

    private static QueueMessage Item(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("Body", out var body) || body.ValueKind != JsonValueKind.String)
            throw new QueueException(QueueRefusal.BadMessage, "A message of the batch has no Body of text.");
        var message = new QueueMessage(Encoding.UTF8.GetBytes(body.GetString()!));
        if (item.TryGetProperty("BrokerProperties", out var broker))
            message = BrokerProperties.Apply(message, broker);
        if (item.TryGetProperty("UserProperties", out var own) && own.ValueKind == JsonValueKind.Object)
            message = message with { Properties = own.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value.Clone()) };
        return message;
    }

    /// <summary>Headers of other names whose value is a JSON string, number or truth value are the sender's own properties.</summary>
    private static Dictionary<string, JsonElement> Properties(IHeaderDictionary headers)
    {
        var properties = new Dictionary<string, JsonElement>();
        foreach (var (name, values) in headers)
        {
            if (NotProperties.Contains(name) || name.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("Accept", StringComparison.OrdinalIgnoreCase))
                continue;
            if (Scalar(values.ToString()) is { } value)
                properties.Add(name, value);
        }
        return properties;
    }

    private static JsonElement? Scalar(string text)
    {
        try
        {
            var value = JsonElement.Parse(text);
            return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement Parse(byte[] json, string what)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException e)
        {
            throw new QueueException(QueueRefusal.BadMessage, $"{what} is not JSON: {e.Message}");
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var writer = new ArrayBufferWriter<byte>();
        int count;
        while ((count = await request.Body.ReadAsync(writer.GetMemory(), cancellationToken)) > 0)
        {
            writer.Advance(count);
            if (writer.WrittenCount > most)
                throw new QueueException(QueueRefusal.TooLarge, $"The body is longer than {most} bytes.");
        }
        return writer.WrittenSpan.ToArray();
    }
}
