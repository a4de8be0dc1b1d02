using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>The link to the cloud: hands what arrives to whom it concerns, and says when the link comes and goes.</summary>
internal sealed class CloudLink(
    IMqttClient client, DeviceId device, Uplink uplink, Outbox outbox, StatusReporter status, TillLoop till, MachineClock clock, Health health,
    ILogger<CloudLink> log) : BackgroundService
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(2);

    /// <summary>Starts connecting; that the options cannot work is said before the agent runs.</summary>
    /// <exception cref="MqttException">A certificate file is unreadable, say.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        client.StateChanged += OnStateChanged;
        client.Start();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        client.StateChanged -= OnStateChanged;
        if (uplink.Online)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(GoodbyePatience);
            await SayGoodbyeAsync(patience.Token);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(SubscribeAsync(stoppingToken), ReceiveAsync(stoppingToken), uplink.RunAsync(stoppingToken));

    private async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await uplink.PublishAsync(new DeviceOffline(), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.PublishFailed(nameof(DeviceOffline), "the broker did not answer before the end");
        }
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.SubscribeAsync(Topics.AllDown(device), cancellationToken);
        }
        catch (MqttException e)
        {
            log.SubscribeFailed(e.Message);
            health.Report($"subscribe: {e.Message}");
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        await foreach (var arrived in client.Received.WithCancellation(cancellationToken))
        {
            var receivedAt = clock.Steady;
            if (!DeviceMessageJson.TryRead(arrived.Payload.Span, out var message, out var error))
            {
                log.MessageUnreadable(arrived.Topic, error);
                continue;
            }

            if (arrived.Topic == Topics.StatusDown(device) && message is StatusAck ack && !arrived.Retain)
                status.Answered(ack, receivedAt);
            else if (arrived.Topic == Topics.PaymentsDown(device))
                await till.PostAsync(new CloudSaid(message, receivedAt), cancellationToken);
        }
    }

    private void OnStateChanged(MqttState state)
    {
        var online = state == MqttState.Connected;
        log.LinkChanged(online);
        status.LinkChanged(online);
        till.Post(new LinkCame(online));
        if (online)
            outbox.Reconnected();
    }
}
