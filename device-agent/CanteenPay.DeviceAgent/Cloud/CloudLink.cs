using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>The link to the cloud: hands what arrives to whom it concerns, and says when the link comes and goes.</summary>
internal sealed class CloudLink(
    IMqttClient client, TillIdentity identity, Uplink uplink, Outbox outbox, CardSync cards, StatusReporter status, TillLoop till, MachineClock clock,
    Health health, ResendSchedule backoff, TimeProvider time, ILogger<CloudLink> log) : BackgroundService
{
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private bool wasOnline;
    private string? error;

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
        if (uplink.Connected)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(GoodbyePatience);
            await SayGoodbyeAsync(patience.Token);
        }

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Together.RunAsync(HearAsync(stoppingToken), HearMerchantAsync(stoppingToken), ReceiveAsync(stoppingToken), uplink.RunAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await uplink.SayGoodbyeAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.PublishFailed(nameof(DeviceOffline), "the broker did not answer before the end");
        }
    }

    /// <summary>Until it is granted: a till that cannot hear answers must not look as if it could.</summary>
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await SubscribeAsync(Topics.AllDown(identity.Device), NoteError, cancellationToken);
        uplink.Hears();
        Announce();
    }

    /// <summary>Nothing waits for it: what is missed is pulled, and payments do not depend on the merchant's feed.</summary>
    private Task HearMerchantAsync(CancellationToken cancellationToken) =>
        SubscribeAsync(Topics.MerchantCards(identity.Merchant), health.Report, cancellationToken);

    private async Task SubscribeAsync(string topic, Action<string> refused, CancellationToken cancellationToken)
    {
        for (var tries = 0; !await TrySubscribeAsync(topic, refused, cancellationToken); tries++)
            await Task.Delay(backoff.Backoff(tries), time, cancellationToken);
    }

    private async Task<bool> TrySubscribeAsync(string topic, Action<string> refused, CancellationToken cancellationToken)
    {
        try
        {
            await client.SubscribeAsync(topic, cancellationToken);
            return true;
        }
        catch (MqttException e)
        {
            log.SubscribeFailed(topic, e.Message);
            refused(e.Message);
            return false;
        }
    }

    /// <summary>An attempt to connect that fails changes no state, so that its reason has to be looked for.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            NoteError(client.LastError?.Message);
    }

    private void NoteError(string? reason)
    {
        lock (gate)
        {
            if (reason is null || reason == error)
                return;
            error = reason;
            till.LinkIs(uplink.Online, reason);
        }

        log.LinkFailed(reason);
        health.Report(reason);
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

            if (arrived.Topic == Topics.PaymentsDown(identity.Device))
                await till.PostAsync(new CloudSaid(message, receivedAt, arrived.Expiry), cancellationToken);
            else if (IsFor(arrived, message))
            {
                if (message is StatusAck ack)
                    status.Answered(ack, receivedAt);
                cards.Receive(message);
                // An order may wait for the time.
                till.Look();
            }
        }
    }

    /// <summary>Each kind of message has its topic. Only settings hold however old they are.</summary>
    private bool IsFor(MqttMessage arrived, DeviceMessage message) => message switch
    {
        StatusAck => arrived.Topic == Topics.StatusDown(identity.Device) && !arrived.Retain,
        CardEntriesAck or CardsPart => arrived.Topic == Topics.CardsDown(identity.Device) && !arrived.Retain,
        CardsChanged => arrived.Topic == Topics.MerchantCards(identity.Merchant) && !arrived.Retain,
        MachineSettings => arrived.Topic == Topics.SettingsDown(identity.Device),
        _ => false,
    };

    private void OnStateChanged(MqttState state)
    {
        if (state == MqttState.Disconnected)
            NoteError(client.LastError?.Message);
        status.LinkChanged(state == MqttState.Connected);
        Announce();
    }

    /// <summary>Tells the till how the link is, and once, that it came back, the outbox.</summary>
    private void Announce()
    {
        bool came;
        lock (gate)
        {
            var online = uplink.Online;
            came = online && !wasOnline;
            if (online)
                error = null;
            if (online != wasOnline)
                log.LinkChanged(online);
            wasOnline = online;
            // Within the lock: the last word that the till hears must be the latest.
            till.LinkIs(online, error);
        }

        if (!came)
            return;
        outbox.Reconnected();
        cards.Reconnected();
    }
}
