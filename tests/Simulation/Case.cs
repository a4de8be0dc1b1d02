using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Network;
using CanteenPay.Simulation.People;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation;

/// <summary>
/// One case: machines, cashiers, diners, a bank, the network and the cloud, told from a seed. Faults first, then calm, then the reckoning.
/// </summary>
internal sealed partial class Case : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, BusinessDay.Offset);

    /// <summary>Invariant 4: ten minutes after the faults every order has ended, or waits for a person.</summary>
    private static readonly TimeSpan OrdersEndWithin = TimeSpan.FromMinutes(10);

    /// <summary>By then the machines have asked about what they did not hear (each 5 minutes), and guards without orders (15 minutes) are gone.</summary>
    private static readonly TimeSpan EverybodyKnowsWithin = TimeSpan.FromMinutes(17);

    private readonly Agenda agenda = new(Noon);
    private readonly Trace? trace;
    private readonly Sabotage sabotage;
    private readonly Weather weather;
    private readonly Life world;
    private readonly Book book;
    private readonly BankChannel bank;
    private readonly Notifier notifier;
    private readonly ShakyAzure azure;
    private readonly NetworkBroker broker;
    private readonly FunctionHost host;
    private readonly Watch watch;
    private readonly CloudRecords records;
    private readonly List<Machine> machines = [];
    private readonly Diner diner;
    private readonly Office office;
    private readonly List<CloudApp> apps = [];
    private readonly List<Life> lives = [];
    private readonly Dictionary<OrderId, long> wishedAtTill = [];
    private readonly HashSet<(OrderId, string)> tillRefunds = [];
    private int spoken;
    private int powerCuts;
    private readonly HashSet<string> seenQrs = new(StringComparer.Ordinal);

    private Case(int seed, bool traced, Sabotage sabotage)
    {
        this.sabotage = sabotage;
        trace = traced ? new(agenda) : null;
        var dice = new Dice((ulong)seed);
        weather = new(FaultPlan.Draw(dice), dice);
        world = Live("world");
        book = new(agenda) { Paid = Paid };
        bank = new(book, agenda, world, weather, sabotage, trace);
        notifier = new(agenda, world, weather, Notify);
        azure = new(agenda, world, weather) { Happened = Happened };
        broker = new(agenda, world, weather, Route);
        records = new(azure);
        watch = new(agenda, book, records, trace);
        diner = new(book, world, weather, trace);
        host = new(agenda, world, weather, StartApp, trace);
        azure.Kill = host.Kill;
        office = new(agenda, world, weather, host, trace);
        for (var number = 0; number < dice.OneOf(1, 2, 2, 3); number++)
        {
            var (device, merchant) = Canteen.Machines[number];
            machines.Add(new(device, merchant, agenda, weather, broker, Live, trace) { Shows = Shown, Says = Said });
        }
    }

    /// <summary>Tells the story of a seed. The same seed tells the same story.</summary>
    public static Outcome Run(int seed, bool traced = false, Sabotage sabotage = Sabotage.None)
    {
        using var told = new Case(seed, traced, sabotage);
        return told.Tell(seed);
    }

    public void Dispose()
    {
        foreach (var life in lives)
            life.End();
        foreach (var machine in machines)
            machine.Dispose();
        foreach (var app in apps)
            app.Dispose();
    }

    private Outcome Tell(int seed)
    {
        trace?.Say("story", $"seed {seed}: {weather.Plan}");
        var servedUntil = Noon + weather.Dice.Between(15, 100);
        var calmFrom = servedUntil + weather.Dice.Between(0, weather.Dice.OneOf(30, 200, 500));
        host.Start();
        foreach (var machine in machines)
        {
            machine.SwitchOn();
            world.Start(() => new Cashier(machine, agenda, world, weather, trace).ServeAsync(servedUntil));
            Sometimes(() => weather.Plan.PowerCuts, () => CutPower(machine));
        }

        Sometimes(() => weather.Plan.Outages, () => host.BreakFor(weather.Dice.Between(1, 60)));
        Sometimes(() => weather.Plan.BankDown, () => bank.GoDown(weather.Dice.Between(5, 90)));
        agenda.After(TimeSpan.FromMinutes(1), world, Sweep);

        agenda.RunUntil(calmFrom, Stops);
        trace?.Say("story", "the faults are over");
        weather.CalmDown();
        foreach (var machine in machines)
            machine.SwitchOn();
        agenda.RunUntil(calmFrom + OrdersEndWithin, Stops);
        if (!Stops())
            NewReckoning().OrdersHaveEnded();
        agenda.RunUntil(calmFrom + EverybodyKnowsWithin, Stops);
        if (!Stops())
            NewReckoning().EverythingAgrees();
        return new(seed, watch.Found, trace?.Lines ?? [], Count());
    }

    private Reckoning NewReckoning() => new(book, records, machines, watch, WishedBack);

    private long WishedBack(string orderNo) =>
        office.Wished(orderNo) + machines.Sum(machine => machine.Store!.Find(OrderId.Parse(orderNo)) is { } order ? wishedAtTill.GetValueOrDefault(order.Id) : 0);

    private Tally Count() => new()
    {
        Cases = 1,
        Orders = book.Orders.Count,
        Paid = book.Orders.Count(order => order.PaidAt is not null),
        PaidLate = records.Refunds().Count(refund => refund.Origin == RefundOrigin.LateMoney),
        Refunds = book.Orders.Sum(order => order.Refunds.Count),
        Spoken = spoken,
        Parked = records.Parked().Count,
        AppKills = apps.Count - 1,
        PowerCuts = powerCuts,
    };

    private bool Stops() => watch.Found is not null;

    private Life Live(string name)
    {
        var life = new Life(agenda, name, (life, e) => watch.Fail("nothing ends by itself", $"{life.Name}: {e}"));
        lives.Add(life);
        return life;
    }

    private CloudApp StartApp()
    {
        var app = new CloudApp(agenda, Live("cloud"), azure.Tables, azure.ServiceBus, azure.Broker, bank, weather.Dice, trace);
        apps.Add(app);
        return app;
    }

    private void CutPower(Machine machine)
    {
        powerCuts++;
        machine.CutPower();
        agenda.After(weather.Dice.Between(2, weather.Dice.OneOf(20, 60, 300)), world, machine.SwitchOn);
    }

    private void Sometimes(Func<double> perMinute, Action act)
    {
        if (weather.Until(perMinute()) is not { } wait)
            return;
        agenda.After(wait, world, () =>
        {
            if (weather.IsCalm)
                return;
            act();
            Sometimes(perMinute, act);
        });
    }

    private void Sweep()
    {
        agenda.After(TimeSpan.FromMinutes(1), world, Sweep);
        if (sabotage != Sabotage.SweepDoesNothing)
            host.Request(SweepAsync);
    }

    /// <summary>A timer that fails is not called again before its next time.</summary>
    private async Task SweepAsync(CloudApp app)
    {
        try
        {
            await app.SweepAsync();
        }
#pragma warning disable CA1031 // The host's boundary.
        catch (Exception e)
#pragma warning restore CA1031
        {
            trace?.Say("host", $"the sweep failed: {e.Message}");
        }
    }
}

/// <summary>How a case ended.</summary>
/// <param name="Seed">Which story.</param>
/// <param name="Violation">What must never be and was; null when all is well.</param>
/// <param name="Story">Its lines, if it was traced.</param>
/// <param name="Tally">What happened in it.</param>
internal sealed record Outcome(int Seed, Violation? Violation, IReadOnlyList<string> Story, Tally Tally);
