using System.Text;

namespace CanteenPay.Azure.EventGrid;

/// <summary>What the broker refuses, checked before sending.</summary>
internal static class MqttRules
{
    internal const int MaxTopicBytes = 256;
    internal const int MaxSegments = 8;
    internal const int MaxPayloadBytes = 512 * 1024;
    internal const int MaxRetainedBytes = 64 * 1024;

    internal static void Check(string topic, BinaryData payload, MqttPublishOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        ArgumentNullException.ThrowIfNull(payload);
        if (topic.AsSpan().ContainsAny('+', '#', '\0') || Encoding.UTF8.GetByteCount(topic) > MaxTopicBytes || topic.Split('/').Length > MaxSegments)
        {
            throw new ArgumentException($"'{topic}' is no topic to publish to: no '+' or '#', at most {MaxTopicBytes} bytes and {MaxSegments} segments.", nameof(topic));
        }

        var most = options.Retain ? MaxRetainedBytes : MaxPayloadBytes;
        if (payload.ToMemory().Length > most)
        {
            throw new ArgumentException($"The payload for '{topic}' has {payload.ToMemory().Length} bytes; at most {most} are possible.", nameof(payload));
        }

        if (options.Expiry is { } expiry && (expiry <= TimeSpan.Zero || expiry.TotalSeconds > uint.MaxValue))
        {
            throw new ArgumentException($"The expiry for '{topic}' is {expiry}: such a message is never delivered.", nameof(options));
        }
    }
}
