using System.Globalization;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Host.Invocations;

/// <summary>The body of an invocation for a queue's message, to the byte as the real host was recorded to write it.</summary>
internal static class QueueInvocation
{
    /// <remarks><c>sys</c> is the object <c>Metadata.sys</c>, as JSON.</remarks>
    public static string Body(FunctionDefinition function, bool binary, LockedMessage message, string sys)
    {
        var metadata = Metadata(message);
        metadata["sys"] = sys;
        string value;
        if (binary)
        {
            value = HostText.Quote(Convert.ToBase64String(message.Message.Body.Span));
        }
        else
        {
            var text = Encoding.UTF8.GetString(message.Message.Body.Span);
            value = HostText.QuoteTwice(text);
            OverwriteByPayload(metadata, text);
        }
        return $"{{\"Data\":{{{HostText.Quote(function.BindingName)}:{value}}},\"Metadata\":{HostText.Object(metadata)}}}";
    }

    private static OrderedDictionary<string, string> Metadata(LockedMessage m)
    {
        // Names are matched in any case by the host, and their order is its own.
        var metadata = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["MessageReceiver"] = "{}" };
        AddNumber("DeliveryCount", m.DeliveryCount);
        AddText("DeadLetterSource", m.DeadLetterSource);
        AddText("LockToken", m.LockToken.ToString());
        metadata["ExpiresAtUtc"] = HostText.WithoutZone(m.ExpiresAt);
        metadata["ExpiresAt"] = HostText.WithOffset(m.ExpiresAt);
        metadata["EnqueuedTimeUtc"] = HostText.WithoutZone(m.EnqueuedTime);
        metadata["EnqueuedTime"] = HostText.WithOffset(m.EnqueuedTime);
        AddText("MessageId", m.MessageId);
        AddText("ContentType", m.Message.ContentType);
        AddText("ReplyTo", m.Message.ReplyTo);
        AddNumber("SequenceNumber", m.SequenceNumber);
        AddText("To", m.Message.To);
        AddText("Subject", m.Message.Label);
        AddText("Label", m.Message.Label);
        AddText("CorrelationId", m.Message.CorrelationId);
        metadata["ApplicationProperties"] = HostText.Object(m.Message.Properties.Select(static p => KeyValuePair.Create(p.Key, HostText.Rewrite(p.Value))));
        AddText("SessionId", m.Message.SessionId);
        AddText("ReplyToSessionId", m.Message.ReplyToSessionId);
        AddText("PartitionKey", m.Message.PartitionKey);
        return metadata;

        void AddNumber(string name, long value) => metadata[name] = HostText.Quote(value.ToString(CultureInfo.InvariantCulture));

        void AddText(string name, string? value)
        {
            if (value is not null)
                metadata[name] = HostText.QuoteTwice(value);
        }
    }

    /// <summary>The trap: what a JSON body has at its top replaces what the queue knows, unless the trigger is binary.</summary>
    private static void OverwriteByPayload(OrderedDictionary<string, string> metadata, string text)
    {
        if (!text.TrimStart().StartsWith('{') || !text.TrimEnd().EndsWith('}'))
            return;
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return;
        }
        using (json)
        {
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (AsMetadata(property.Value) is { } value)
                    metadata[property.Name] = value;
            }
        }
    }

    private static string? AsMetadata(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => HostText.Rewrite(value),
        JsonValueKind.String => HostText.QuoteTwice(value.GetString()!),
        JsonValueKind.Number when value.TryGetInt64(out var whole) => HostText.QuoteTwice(whole.ToString(CultureInfo.InvariantCulture)),
        JsonValueKind.Number => HostText.QuoteTwice(value.GetDouble().ToString(CultureInfo.InvariantCulture)),
        JsonValueKind.True => HostText.QuoteTwice("True"),
        JsonValueKind.False => HostText.QuoteTwice("False"),
        _ => null,
    };
}
