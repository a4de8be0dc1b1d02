using System.Diagnostics;
using System.Threading.Channels;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>The way up: publishes a machine's messages. A publish that succeeded has reached the broker, nobody else.</summary>
internal sealed class Uplink(IMqttClient client, DeviceId device, TimeProvider time, ILogger<Uplink> log)
{
    private const int MaxPosted = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<DeviceMessage> posted = Channel.CreateBounded<DeviceMessage>(
        new BoundedChannelOptions(MaxPosted) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile bool hears;
    private volatile bool closed;

    /// <summary>The broker takes messages.</summary>
    public bool Connected => !closed && client.State == MqttState.Connected;

    /// <summary>The link is up both ways: what is asked can be answered.</summary>
    public bool Online => hears && Connected;

    /// <summary>The broker granted the way down.</summary>
    public void Hears() => hears = true;

    /// <summary>The last message: nothing is sent after it.</summary>
    public Task<bool> SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        closed = true;
        return SendAsync(new DeviceOffline(), cancellationToken);
    }

    /// <summary>Publishes a message and waits for the broker, at most 10 s; false, logged, when that did not work out.</summary>
    public Task<bool> PublishAsync(DeviceMessage message, CancellationToken cancellationToken) =>
        closed ? Task.FromResult(false) : SendAsync(message, cancellationToken);

    /// <summary>Sends a message once, soon, if there is a connection: for what the cloud asks for again when it is lost.</summary>
    public void Post(DeviceMessage message) => posted.Writer.TryWrite(message);

    /// <summary>Sends what was posted, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var message in posted.Reader.ReadEachAsync(cancellationToken))
        {
            if (Online)
                await PublishAsync(message, cancellationToken);
        }
    }

    private async Task<bool> SendAsync(DeviceMessage message, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var (span, traced) = AgentSpans.Send(message);
        using var sending = span;
        try
        {
            await client.PublishAsync(new MqttMessage(TopicOf(message), DeviceMessageJson.Write(traced)), both.Token);
            return true;
        }
        catch (MqttException e)
        {
            log.PublishFailed(message.GetType().Name, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            log.PublishFailed(message.GetType().Name, "the broker did not answer within 10 s");
        }

        span?.SetStatus(ActivityStatusCode.Error);
        return false;
    }

    private string TopicOf(DeviceMessage message) => message switch
    {
        DeviceStatus or DeviceOffline => Topics.StatusUp(device),
        CardEntries or CardsPull => Topics.CardsUp(device),
        _ => Topics.PaymentsUp(device),
    };
}
