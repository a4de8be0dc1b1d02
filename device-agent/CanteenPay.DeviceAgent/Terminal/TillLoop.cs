using System.Threading.Channels;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>
/// Runs the till: one input after another, each one's effects before the next. A step whose effects fail is not taken, so that nothing is
/// published, shown or spoken that was not stored.
/// </summary>
internal sealed class TillLoop(
    Till till, TillIdentity identity, OrderStore store, MachineClock clock, Uplink uplink, Outbox outbox, Announcer announcer, ScreenBoard board, Health health,
    TimeProvider time, ILogger<TillLoop> log) : BackgroundService
{
    private const int MaxInputs = 500;
    private const int ListLength = 20;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Orders that ended before this are forgotten on start.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);

    private readonly Channel<TillInput> inputs = Channel.CreateBounded<TillInput>(new BoundedChannelOptions(MaxInputs) { SingleReader = true });
    private TillState state = TillState.Start;
    private IReadOnlyList<Order> list = [];

    /// <summary>Hands an input over; false when the till is overrun, and the input is lost.</summary>
    public bool Post(TillInput input) => inputs.Writer.TryWrite(input);

    /// <summary>Hands an input over, waiting for room: the cloud's messages are held back rather than lost.</summary>
    public ValueTask PostAsync(TillInput input, CancellationToken cancellationToken) => inputs.Writer.WriteAsync(input, cancellationToken);

    /// <summary>Takes up the orders of the last run before anything else starts.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.ForgetEndedBefore(clock.Corrected - Memory);
        var open = store.WithoutEnd();
        log.Recovered(open.Count);
        Take(Till.Recover(open));
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RunAsync(stoppingToken), TickAsync(stoppingToken));

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var input in inputs.Reader.ReadAllAsync(cancellationToken))
            Handle(input);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TickInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Post(new ClockTicked());
    }

    private void Handle(TillInput input)
    {
        try
        {
            if (EventOf(input) is { } happened)
                Take(till.Step(state, happened));
        }
#pragma warning disable CA1031 // The boundary of one input: the next diner must be served whatever this one met.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.InputFailed(e, input.GetType().Name);
            health.Report($"{input.GetType().Name}: {e.Message}");
        }
    }

    private TillEvent? EventOf(TillInput input)
    {
        var now = clock.Steady;
        return input switch
        {
            KeyPressed pressed => pressed.Key.At(now, Fresh),
            LinkCame link => new LinkChanged(now, link.Online),
            ClockTicked => new Ticked(now),
            CloudSaid { Message: PayQr qr } => new QrReceived(now, qr, store.Find(qr.OrderId)),
            CloudSaid { Message: PayRefused refused } => new RefusalReceived(now, refused, store.Find(refused.OrderId)),
            CloudSaid { Message: PayResult result } said => new ResultReceived(now, said.ReceivedAt, result, store.Find(result.OrderId), Fresh()),
            _ => null,
        };
    }

    private FreshOrder? Fresh()
    {
        var now = clock.Corrected;
        return store.Count().Unanswered < OrderStore.MaxUnanswered
            ? new(OrderId.New(BusinessDay.Of(now), identity.Merchant, identity.Device), now)
            : null;
    }

    private void Take(TillStep step)
    {
        foreach (var effect in step.Effects)
            CarryOut(effect);
        if (step.State == state && step.Effects.Count == 0)
            return;
        if (step.State.ListUntil is not null && state.ListUntil is null)
            list = store.Newest(ListLength);
        state = step.State;
        board.Show(state, state.ListUntil is null ? null : list);
    }

    private void CarryOut(TillEffect effect)
    {
        switch (effect)
        {
            case Save save:
                store.Save(save.Order, save.Unanswered);
                log.OrderSaved(save.Order.Id, save.Order.Stage, save.Order.Amount, save.Order.Wallet, save.Order.Disputed);
                if (save.Order.Disputed)
                    health.Report($"order {save.Order.Id}: told paid and not paid");
                outbox.Wake();
                break;
            case StatusAnswered answered:
                store.StatusAnswered(answered.OrderId);
                break;
            case Acknowledge acknowledge:
                uplink.Post(new PayResultAck
                {
                    OrderId = acknowledge.OrderId,
                    Outcome = acknowledge.Outcome,
                    Spoken = acknowledge.Spoken,
                    ShownAt = clock.Corrected,
                });
                break;
            case Speak speak:
                announcer.Enqueue(speak);
                break;
            case Ignored ignored:
                log.MessageIgnored(ignored.OrderId, ignored.Why);
                if (ignored.Why == IgnoredBecause.AmountDiffers)
                    health.Report($"order {ignored.OrderId}: the cloud named another amount");
                break;
            default:
                throw new InvalidOperationException($"Nobody carries out {effect.GetType().Name}.");
        }
    }
}

/// <summary>Whose till this is.</summary>
internal sealed record TillIdentity(DeviceId Device, MerchantId Merchant);
