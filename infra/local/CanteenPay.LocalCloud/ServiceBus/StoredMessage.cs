using System.Text.Json;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>A message as a queue holds it; changed only under the store's lock, together with its row.</summary>
internal sealed class StoredMessage
{
    public required long Sequence { get; init; }

    public required string MessageId { get; init; }

    public required QueueMessage Message { get; set; }

    /// <summary>When it became, or becomes, active.</summary>
    public required DateTimeOffset EnqueuedTime { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public int DeliveryCount { get; set; }

    public string? DeadLetterSource { get; set; }

    /// <summary>Makes it a dead letter. <c>forwardedFrom</c> is the queue that forwards it elsewhere, or null when it stays in that queue's own dead letters.</summary>
    public void GiveUp(string? forwardedFrom, string reason, string description, DateTimeOffset now, DateTimeOffset expires)
    {
        Message = Message with
        {
            Properties = new Dictionary<string, JsonElement>(Message.Properties) { ["DeadLetterReason"] = Text(reason), ["DeadLetterErrorDescription"] = Text(description) },
        };
        (EnqueuedTime, ExpiresAt) = (now, expires);
        if (forwardedFrom is not null)
            (DeadLetterSource, DeliveryCount) = (forwardedFrom, 0);
    }

    /// <summary>What counts towards the size limit: the body and the texts around it.</summary>
    public static int SizeOf(QueueMessage message)
    {
        var size = message.Body.Length + LengthOf(message.MessageId, message.ContentType, message.Label, message.CorrelationId, message.SessionId,
            message.ReplyToSessionId, message.PartitionKey, message.ReplyTo, message.To);
        foreach (var (name, value) in message.Properties)
            size += name.Length + value.GetRawText().Length;
        return size;
    }

    private static JsonElement Text(string text) => JsonElement.Parse(JsonSerializer.Serialize(text, TextJson.Default.String));

    private static int LengthOf(params ReadOnlySpan<string?> texts)
    {
        var length = 0;
        foreach (var text in texts)
            length += text?.Length ?? 0;
        return length;
    }
}
