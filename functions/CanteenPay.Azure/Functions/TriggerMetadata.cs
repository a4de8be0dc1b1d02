using System.Globalization;
using System.Text.Json;

namespace CanteenPay.Azure.Functions;

/// <summary>Reads the host's <c>Metadata</c>: values are JSON serialised again into strings, times have no zone, nulls are left out.</summary>
internal static class TriggerMetadata
{
    internal static FunctionContext Read(string functionName, string invocationId, JsonElement metadata)
    {
        var properties = Properties(metadata);
        return new()
        {
            FunctionName = functionName,
            InvocationId = invocationId,
            MessageId = Text(metadata, "MessageId"),
            DeliveryCount = int.TryParse(Text(metadata, "DeliveryCount"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1,
            EnqueuedTime = Time(Text(metadata, "EnqueuedTimeUtc") ?? Text(metadata, "EnqueuedTime")),
            ApplicationProperties = properties,
            DeadLetterReason = Text(metadata, "DeadLetterReason") ?? properties.GetValueOrDefault("DeadLetterReason"),
            DeadLetterErrorDescription = Text(metadata, "DeadLetterErrorDescription") ?? properties.GetValueOrDefault("DeadLetterErrorDescription"),
            DeadLetterSource = Text(metadata, "DeadLetterSource") ?? properties.GetValueOrDefault("DeadLetterSource"),
        };
    }

    private static Dictionary<string, string> Properties(JsonElement metadata)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        if (metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty("ApplicationProperties", out var given))
        {
            return properties;
        }

        using var unpacked = given.ValueKind == JsonValueKind.String ? TryParse(given.GetString()!) : null;
        var map = unpacked?.RootElement ?? given;
        if (map.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in map.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
            {
                properties[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
            }
        }

        return properties;
    }

    private static string? Text(JsonElement metadata, string name)
    {
        if (metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Unquoted(value.GetString()!),
            _ => value.GetRawText(),
        };
    }

    // "\"m-1\"" is the text m-1; a text that is no JSON string stands for itself.
    private static string Unquoted(string value)
    {
        if (!value.StartsWith('"'))
        {
            return value;
        }

        using var document = TryParse(value);
        return document?.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString()! : value;
    }

    private static JsonDocument? TryParse(string value)
    {
        try
        {
            return JsonDocument.Parse(value);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Time(string? value) =>
        DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
