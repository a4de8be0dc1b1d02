using System.Diagnostics;
using CanteenPay.Mqtt;

namespace CanteenPay.Benchmarks.Link;

/// <summary>The client as the agent uses it: publishing is awaited, what arrives is read by one reader.</summary>
internal sealed class ClientUnderTest : IAsyncDisposable
{
    private readonly MosquittoClient _client;
    private readonly IAsyncEnumerator<MqttMessage> _received;

    private ClientUnderTest(MosquittoClient client)
    {
        _client = client;
        _received = client.Received.GetAsyncEnumerator();
    }

    public static async Task<ClientUnderTest> ConnectAsync(MqttOptions options, string topic)
    {
        var client = new MosquittoClient(options);
        client.Start();
        await client.SubscribeAsync(topic);
        return new(client);
    }

    /// <summary>From the call that publishes to the reader that has the message.</summary>
    public async Task<TimeSpan> EchoAsync(string topic, byte[] payload)
    {
        var published = Stopwatch.GetTimestamp();
        var acknowledged = _client.PublishAsync(new(topic, payload));
        await _received.MoveNextAsync();
        var time = Stopwatch.GetElapsedTime(published);
        await acknowledged;
        return time;
    }

    /// <summary>Publishes so many, never more than a window ahead of what came back; messages in a second.</summary>
    public async Task<double> FloodAsync(string topic, byte[] payload, int messages, int window)
    {
        var acknowledged = new List<Task>(messages);
        var started = Stopwatch.GetTimestamp();
        for (var received = 0; received < messages; received++)
        {
            while (acknowledged.Count < messages && acknowledged.Count - received < window)
                acknowledged.Add(_client.PublishAsync(new(topic, payload)));
            await _received.MoveNextAsync();
        }

        var perSecond = messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await Task.WhenAll(acknowledged);
        return perSecond;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _received.DisposeAsync();
    }
}
