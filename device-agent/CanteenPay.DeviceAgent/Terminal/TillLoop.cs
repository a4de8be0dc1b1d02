using System.Threading.Channels;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>
/// Runs the till: one input after another, each one's effects before the next. Nothing is published, acknowledged or spoken that was not stored;
/// what is shown when that fails, <see cref="Till.Unstored"/> says.
/// </summary>
internal sealed class TillLoop(
    Till till, TillEvents events, TillEffects effects, CardLookout lookout, OrderStore store, MachineClock clock, ScreenBoard board, Health health,
    FaultReport faults, PaymentWatch watch, TimeProvider time, ILogger<TillLoop> log) : BackgroundService
{
    /// <summary>An input takes this long at most: three tries on a disk that is slow to answer. A till that takes longer is stuck.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(45);

    private const int MaxInputs = 500;
    private const int MostTries = 3;
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The meal, the sync and the rules are looked at so often.</summary>
    private static readonly TimeSpan CardsInterval = TimeSpan.FromSeconds(1);

    /// <summary>Orders that ended before this are forgotten, looked for each day.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(90);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromDays(1);

    private readonly Channel<TillInput> inputs = Channel.CreateBounded<TillInput>(new BoundedChannelOptions(MaxInputs) { SingleReader = true });
    private TillState state = TillState.Start;
    private IReadOnlyList<Order> list = [];
    private IReadOnlyList<Tap> taps = [];
    private DateTimeOffset seeCardsAt = clock.Steady;
    private DateTimeOffset forgetAt = clock.Steady;
    private volatile LinkView link = new(Online: false, Why: null);
    private int ticksWaiting;
    private long turnedAt = time.GetTimestamp();

    /// <summary>Inputs are taken: at least the clock's, four times a second.</summary>
    public bool IsTurning => time.GetElapsedTime(Interlocked.Read(ref turnedAt)) < LongestTurn;

    /// <summary>Hands an input over; false when the till is overrun, and the input is lost.</summary>
    public bool Post(TillInput input) => inputs.Writer.TryWrite(input);

    /// <summary>Tells how the link is. The last word always reaches the till, however full its queue is: every input looks at it first.</summary>
    public void LinkIs(bool online, string? why)
    {
        link = new(online, why);
        Look();
    }

    /// <summary>Lets the till look at clock and link. A till that is behind needs no second tick.</summary>
    public void Look()
    {
        if (Interlocked.Exchange(ref ticksWaiting, 1) == 0 && !Post(new ClockTicked()))
            Interlocked.Exchange(ref ticksWaiting, 0);
    }

    /// <summary>Hands an input over, waiting for room: the cloud's messages are held back rather than lost.</summary>
    public ValueTask PostAsync(TillInput input, CancellationToken cancellationToken) => inputs.Writer.WriteAsync(input, cancellationToken);

    /// <summary>Takes up the orders of the last run before anything else starts.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var open = store.WithoutEnd();
        log.Recovered(open.Count);
        var damage = DatabaseRescue.Unconfirmed(store);
        if (damage is not null)
            health.Report($"database damaged: set aside as {damage.File}, {damage.Exported} rows exported, {damage.TakenOver} orders taken over, {damage.TapsLost} entries of taps possibly unsent");
        Take(Till.Recover(open, store.Newest(1) is [var newest] ? newest : null, damage, events.LastTap()));
        if (damage is not null)
            effects.CarryOut(till.FaultWords(clock.Steady));
        SeeCards();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Together.RunAsync(RunAsync(stoppingToken), TickAsync(stoppingToken));

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var input in inputs.Reader.ReadEachAsync(cancellationToken))
        {
            Handle(input);
            Interlocked.Exchange(ref turnedAt, time.GetTimestamp());
        }
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TickInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            Look();
    }

    private void Handle(TillInput input)
    {
        if (input is ClockTicked)
            Interlocked.Exchange(ref ticksWaiting, 0);
        using var span = input is CloudSaid said ? watch.Process(said.Message, said.ReceivedAt) : null;
        TillEvent? happened = null;
        try
        {
            SeeLink();
            SeeCards();
            var tries = 1;
            while (!TryTake(happened = events.Of(input, state, list), isLast: tries == MostTries))
                tries++;
            ForgetOldOrders();
        }
#pragma warning disable CA1031 // The boundary of one input: the next diner must be served whatever this one met.
        catch (Exception e) when (!DatabaseDamage.Is(e))
#pragma warning restore CA1031
        {
            faults.Report(input.GetType().Name, e);
            Become(happened is null ? till.Faulty(state, clock.Steady) : till.Unstored(state, happened));
            // The diner hears that nothing was paid: he would have gone.
            if (input is CardSignalled)
                effects.CarryOut(till.FaultWords(clock.Steady));
        }
    }

    /// <summary>False when the cloud changed the account between the look and the storing: the card is decided anew by what is so now.</summary>
    private bool TryTake(TillEvent? happened, bool isLast)
    {
        try
        {
            if (happened is not null)
                Take(till.Step(state, happened));
            return true;
        }
        catch (TapOvertakenException) when (!isLast)
        {
            return false;
        }
    }

    private void SeeLink()
    {
        var (online, why) = link;
        if (state.Online != online || state.LinkError != (online ? null : why))
            Take(till.Step(state, new LinkChanged(clock.Steady, online, why)));
    }

    private void SeeCards()
    {
        if (clock.Steady < seeCardsAt)
            return;
        seeCardsAt = clock.Steady + CardsInterval;
        effects.Tolerantly(nameof(SeeCards), () =>
        {
            var desk = lookout.Look();
            if (desk != state.Cards)
                Take(till.Step(state, new CardsLookedAt(clock.Steady, desk)));
        });
    }

    /// <summary>Only by the cloud's time: a machine that was switched on with a clock of another year must not lose its orders.</summary>
    private void ForgetOldOrders()
    {
        if (!clock.IsLearnt || clock.Steady < forgetAt)
            return;
        forgetAt = clock.Steady + ForgetInterval;
        effects.Tolerantly(nameof(ForgetOldOrders), () => store.ForgetEndedBefore(clock.Corrected - Memory));
    }

    private void Take(TillStep step)
    {
        foreach (var effect in step.Effects)
            effects.CarryOut(effect);
        if (step.State.ListUntil is not null && (state.ListUntil is null || step.Effects.Any(effect => effect is Save or SaveRefund)))
            list = events.List();
        else if (step.State == state)
            return;
        if (step.State is { ListUntil: not null, ListsTaps: true } && !state.ListsTaps)
            taps = events.Taps();
        Become(step.State);
    }

    private void Become(TillState next)
    {
        if (next.Face is ShowingQr { Order: var shown } && (state.Face as ShowingQr)?.Order.Id != shown.Id)
            PaymentWatch.Shown(clock.Corrected - shown.RequestedAt);
        state = next;
        board.Show(state, state is { ListUntil: not null, ListsTaps: false } ? list : null, state is { ListUntil: not null, ListsTaps: true } ? taps : null);
    }
}

/// <summary>How the link is.</summary>
internal sealed record LinkView(bool Online, string? Why);

/// <summary>Whose till this is.</summary>
internal sealed record TillIdentity(DeviceId Device, MerchantId Merchant)
{
    /// <summary>Draws the random part of ids, so many characters: chance, except in a simulation, which must tell the same story again.</summary>
    public Func<int, string> Draw { get; init; } = Crockford.Random;
}
