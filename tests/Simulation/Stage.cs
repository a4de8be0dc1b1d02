using CanteenPay.Channels;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Network;
using CanteenPay.Simulation.Stories;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation;

/// <summary>What every story is told on: virtual time, chance, the network, the cloud's processes and the machines, and what goes wrong with them.</summary>
internal sealed partial class Stage : IDisposable
{
    private readonly List<CloudApp> apps = [];
    private readonly List<Life> lives = [];
    private readonly List<Machine> machines = [];
    private IPaymentChannel? bank;
    private int powerCuts;

    /// <summary>An empty stage.</summary>
    /// <param name="seed">The whole story.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="traced">It is written down.</param>
    /// <param name="sabotage">What is broken on purpose.</param>
    public Stage(int seed, DateTimeOffset start, bool traced, Sabotage sabotage)
    {
        Sabotage = sabotage;
        Agenda = new(start);
        Trace = traced ? new(Agenda) : null;
        Verdict = new(Trace);
        Dice = new((ulong)seed);
        Weather = new(FaultPlan.Draw(Dice), Dice);
        World = Live("world");
        Azure = new(Agenda, World, Weather) { Happened = Happened };
        Broker = new(Agenda, World, Weather, Route) { MayRead = MayRead };
        Host = new(Agenda, World, Weather, StartApp, Trace);
        Azure.Kill = Host.Kill;
    }

    public Sabotage Sabotage { get; }

    public Agenda Agenda { get; }

    public Trace? Trace { get; }

    public Verdict Verdict { get; }

    public Dice Dice { get; }

    public Weather Weather { get; }

    /// <summary>The life of all that does not die: people, the bank, Azure, the network.</summary>
    public Life World { get; }

    public ShakyAzure Azure { get; }

    public NetworkBroker Broker { get; }

    public FunctionHost Host { get; }

    public IReadOnlyList<Machine> Machines => machines;

    /// <summary>How often the sweep is called: each minute, unless a story has nothing to wait for so long.</summary>
    public Func<TimeSpan> SweepInterval { get; init; } = () => TimeSpan.FromMinutes(1);

    /// <summary>What happened to processes.</summary>
    public Tally Incidents => new() { [Counted.AppKills] = apps.Count - 1, [Counted.PowerCuts] = powerCuts };

    /// <summary>Nothing more is to be found out.</summary>
    public bool IsOver => Verdict.Found is not null;

    /// <summary>A machine, switched off.</summary>
    public Machine Add(DeviceId device, Merchant merchant)
    {
        var machine = new Machine(device, merchant, Agenda, Weather, Broker, Live, Trace);
        machines.Add(machine);
        return machine;
    }

    /// <summary>The cloud starts: its first process, and its timer.</summary>
    /// <param name="channel">Whom it asks for money.</param>
    public void StartCloud(IPaymentChannel channel)
    {
        bank = channel;
        Host.Start();
        Agenda.After(SweepInterval(), World, Sweep);
    }

    /// <summary>The faults end, and every machine is on.</summary>
    public void CalmDown()
    {
        Trace?.Say("story", "the faults are over");
        Weather.CalmDown();
        foreach (var machine in machines)
        {
            machine.SwitchOn();
            machine.GoOnline();
        }
    }

    /// <summary>Lets time pass, unless something is found out before.</summary>
    public void RunUntil(DateTimeOffset end) => Agenda.RunUntil(end, () => IsOver);

    /// <summary>Something goes wrong so often in a minute, as long as there are faults.</summary>
    public void Sometimes(Func<double> perMinute, Action act)
    {
        if (Weather.Until(perMinute()) is not { } wait)
            return;
        Agenda.After(wait, World, () =>
        {
            if (Weather.IsCalm)
                return;
            act();
            Sometimes(perMinute, act);
        });
    }

    /// <summary>A machine loses its power for a while.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="meanwhile">What is done to it while it is off.</param>
    public void CutPower(Machine machine, Action? meanwhile = null)
    {
        powerCuts++;
        machine.CutPower();
        meanwhile?.Invoke();
        Agenda.After(Weather.Dice.Between(2, Weather.Dice.OneOf(20, 60, 300)), World, machine.SwitchOn);
    }

    /// <summary>A timer that fails is not called again before its next time.</summary>
    public void Timer(string name, Func<CloudApp, Task> run) => Host.Request(async app =>
    {
        try
        {
            await run(app);
        }
#pragma warning disable CA1031 // The host's boundary.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Trace?.Say("host", $"{name} failed: {e.Message}");
        }
    });

    public void Dispose()
    {
        foreach (var life in lives)
            life.End();
        foreach (var machine in machines)
            machine.Dispose();
        foreach (var app in apps)
            app.Dispose();
    }

    private Life Live(string name)
    {
        var life = new Life(Agenda, name, (life, e) => Verdict.Fail("nothing ends by itself", $"{life.Name}: {e}"));
        lives.Add(life);
        return life;
    }

    private CloudApp StartApp()
    {
        var app = new CloudApp(Agenda, Live("cloud"), Azure.Tables, Azure.ServiceBus, Azure.Broker, bank!, Dice, Trace);
        apps.Add(app);
        return app;
    }

    private bool MayRead(DeviceId device, string topic) => machines.Find(machine => machine.Device == device) is { } reader && topic == Topics.MerchantCards(reader.Registered);

    private void Sweep()
    {
        Agenda.After(SweepInterval(), World, Sweep);
        if (Sabotage != Sabotage.SweepDoesNothing)
            Timer("the sweep", app => app.SweepAsync());
    }
}
