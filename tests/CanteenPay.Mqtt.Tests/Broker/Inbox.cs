using System.Collections.Concurrent;
using System.Text;

namespace CanteenPay.Mqtt.Tests.Broker;

/// <summary>Reads everything a client receives.</summary>
internal sealed class Inbox
{
    private readonly ConcurrentQueue<MqttMessage> _messages = new();

    internal Inbox(IMqttClient client) => Reading = ReadAsync(client);

    internal Task Reading { get; }

    internal IReadOnlyCollection<MqttMessage> Messages => _messages;

    internal bool Has(string text) => _messages.Any(m => Encoding.UTF8.GetString(m.Payload.Span) == text);

    internal MqttMessage One(string text) => _messages.First(m => Encoding.UTF8.GetString(m.Payload.Span) == text);

    private async Task ReadAsync(IMqttClient client)
    {
        await foreach (var message in client.Received)
        {
            _messages.Enqueue(message);
        }
    }
}
