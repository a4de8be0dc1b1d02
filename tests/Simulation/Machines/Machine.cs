using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Network;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Machines;

/// <summary>A machine at a counter, from one power cut to the next.</summary>
internal sealed class Machine : ISpeaker, IDisposable
{
    /// <summary>The manager's PIN of every machine.</summary>
    public const string ManagerPin = "2468";

    private static readonly TimeSpan BusyTick = TimeSpan.FromSeconds(1);

    private readonly Agenda agenda;
    private readonly Weather weather;
    private readonly NetworkBroker broker;
    private readonly Trace? trace;
    private readonly Func<string, Life> live;
    private Life? life;
    private MachineConnection? connection;
    private AgentRun? run;
    private ScreenSnapshot? seen;

    public Machine(DeviceId device, Merchant merchant, Agenda agenda, Weather weather, NetworkBroker broker, Func<string, Life> live, Trace? trace)
    {
        (Device, Merchant, Registered, this.agenda, this.weather, this.broker, this.live, this.trace) = (device, merchant, merchant.Id, agenda, weather, broker, live, trace);
        Disk = new(device);
    }

    /// <summary>Its id.</summary>
    public DeviceId Device { get; }

    /// <summary>Whom it serves by its own settings.</summary>
    public Merchant Merchant { get; private set; }

    /// <summary>Whom it serves by the cloud's registry.</summary>
    public MerchantId Registered { get; set; }

    /// <summary>Its id in the story.</summary>
    public string Nickname => Device.Value[^2..];

    /// <summary>What outlives a power cut.</summary>
    public MachineDisk Disk { get; }

    /// <summary>How often it was switched on: its steady clock and what it keeps in memory begin anew each time.</summary>
    public int Starts { get; private set; }

    /// <summary>What it remembers; null while it is off.</summary>
    public OrderStore? Store => run?.Store;

    /// <summary>Its cards; null while it is off.</summary>
    public CardStore? Cards => run?.Cards;

    /// <summary>Its journals; null while it is off.</summary>
    public IReadOnlyList<Journal>? Journals => run?.Journals;

    /// <summary>The version of the feed that it has.</summary>
    public long FeedVersion => run!.FeedVersion;

    /// <summary>What it shows; null while it is off.</summary>
    public ScreenSnapshot? Screen => run?.Screen;

    /// <summary>How slowly its periodic timers tick while nobody pays by phone.</summary>
    public Func<TimeSpan> IdleTick { get; set; } = () => TimeSpan.FromSeconds(5);

    /// <summary>How fast its steady clock runs: 1, in a product that is not broken on purpose.</summary>
    public int SteadySpeed { get; set; } = 1;

    /// <summary>Told when it shows something else.</summary>
    public Action<Machine, ScreenSnapshot>? Shows { get; set; }

    /// <summary>Told when it begins to say something.</summary>
    public Action<Machine, SpokenWords>? Says { get; set; }

    /// <inheritdoc/>
    public string Name => "the simulated speaker";

    /// <inheritdoc/>
    public bool IsPage => false;

    /// <summary>Starts the agent over what is on the disk.</summary>
    public void SwitchOn()
    {
        if (run is not null)
            return;
        var (dice, plan) = (weather.Dice, weather.Coming);
        var off = dice.Strikes(plan.ClockOff) ? dice.Between(-plan.ClockOffBy.TotalSeconds, plan.ClockOffBy.TotalSeconds) : TimeSpan.Zero;
        trace?.Say(Nickname, off == TimeSpan.Zero ? "is switched on" : $"is switched on, its clock {off.TotalHours:F1} h off");
        Starts++;
        life = live(Nickname);
        life.AfterStep = Look;
        connection = new(agenda, life, weather, broker, Device, trace);
        run = new(Device, Merchant.Id, Disk, connection, this, new VirtualTime(agenda, life, off, Tick, SteadySpeed), dice, trace);
        var (started, of) = (run, life);
        life.Start(() => started.StartAsync(of));
    }

    /// <summary>It has no network for a while.</summary>
    public void GoOffline(TimeSpan time) => connection?.Break(time);

    /// <summary>It has network again.</summary>
    public void GoOnline() => connection?.Restore();

    /// <summary>While it is off: it is to serve another merchant.</summary>
    public void MoveTo(Merchant merchant) => Merchant = merchant;

    /// <summary>Everything but the disk is gone.</summary>
    public void CutPower()
    {
        if (run is null)
            return;
        trace?.Say(Nickname, "loses its power");
        life!.End();
        broker.SessionOf(Device).Disconnect();
        run.Dispose();
        (run, connection, seen) = (null, null, null);
    }

    /// <summary>Presses keys, if the machine is on.</summary>
    public void Press(params IEnumerable<string> keys)
    {
        foreach (var key in keys)
            run?.Press(key);
    }

    /// <summary>Lays a card on its reader, if the machine is on.</summary>
    public void Present(CardNo card) => run?.Present(card);

    /// <inheritdoc/>
    public Task PlayAsync(SpokenWords words, CancellationToken cancellationToken)
    {
        trace?.Say(Nickname, $"says {words.Words} ({words.OrderId})");
        Says?.Invoke(this, words);
        return life!.DelayAsync(TimeSpan.FromSeconds(3));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        run?.Dispose();
        Disk.Dispose();
    }

    private TimeSpan Tick() => Screen?.State.OpenOnScreen is null ? IdleTick() : BusyTick;

    private void Look()
    {
        if (Screen is not { } now || ReferenceEquals(now, seen))
            return;
        seen = now;
        Shows?.Invoke(this, now);
    }
}
