using System.Collections.Concurrent;
using System.Text;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.Tests.Composition;

/// <summary>Reads everything a client receives.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<MqttMessage> _messages = new();

    internal Inbox(IMqttClient client) => _ = ReadAsync(client);

    internal int Count => _messages.Count;

    internal bool Has(string text) => Find(text) is not null;

    internal int Times(string text) => _messages.Count(m => Encoding.UTF8.GetString(m.Payload.Span) == text);

    internal MqttMessage? Find(string text) => _messages.FirstOrDefault(m => Encoding.UTF8.GetString(m.Payload.Span) == text);

    private async Task ReadAsync(IMqttClient client)
    {
        await foreach (var message in client.Received)
        {
            _messages.Enqueue(message);
        }
    }
}
