using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.People;

namespace CanteenPay.Simulation.Stories;

/// <summary>
/// One case of cloud pay: machines, cashiers, diners, a bank, the network and the cloud, told from a seed. Faults first, then calm, then the reckoning.
/// </summary>
internal sealed partial class PaymentCase : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, BusinessDay.Offset);

    /// <summary>Invariant 4: ten minutes after the faults every order has ended, or waits for a person.</summary>
    private static readonly TimeSpan OrdersEndWithin = TimeSpan.FromMinutes(10);

    /// <summary>By then the machines have asked about what they did not hear (each 5 minutes), and guards without orders (15 minutes) are gone.</summary>
    private static readonly TimeSpan EverybodyKnowsWithin = TimeSpan.FromMinutes(17);

    /// <summary>In the calm nothing happens at most ticks and sweeps, and they would be most of what a case costs.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowTick = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SlowSweep = TimeSpan.FromMinutes(2);

    private readonly Stage stage;
    private readonly Book book;
    private readonly BankChannel bank;
    private readonly Notifier notifier;
    private readonly Watch watch;
    private readonly CloudRecords records;
    private readonly Diner diner;
    private readonly Office office;
    private readonly Dictionary<OrderId, long> wishedAtTill = [];
    private readonly HashSet<(OrderId, string)> tillRefunds = [];
    private readonly HashSet<string> seenQrs = new(StringComparer.Ordinal);
    private int spoken;

    private PaymentCase(int seed, bool traced, Sabotage sabotage)
    {
        stage = new(seed, Noon, traced, sabotage)
        {
            Routes = Route,
            Did = Happened,
            Told = Told,
            SweepInterval = () => stage!.Weather.IsCalm ? SlowSweep : Sweep,
        };
        var (agenda, world, weather, trace) = (stage.Agenda, stage.World, stage.Weather, stage.Trace);
        book = new(agenda) { Paid = Paid };
        bank = new(book, agenda, world, weather, sabotage, trace);
        notifier = new(agenda, world, weather, Notify);
        records = new(stage.Azure);
        watch = new(agenda, book, records, stage.Verdict, trace);
        diner = new(book, world, weather, trace);
        office = new(agenda, world, weather, stage.Host, trace);
        for (var number = 0; number < stage.Dice.OneOf(1, 2, 2, 3); number++)
        {
            var machine = stage.Add(Canteen.Machines[number].Device, Canteen.Machines[number].Merchant);
            (machine.Shows, machine.Says, machine.IdleTick) = (Shown, Said, () => stage.Weather.IsCalm ? SlowTick : Tick);
        }
    }

    /// <summary>Tells the story of a seed. The same seed tells the same story.</summary>
    public static Outcome Run(int seed, bool traced = false, Sabotage sabotage = Sabotage.None)
    {
        using var told = new PaymentCase(seed, traced, sabotage);
        return told.Tell(seed);
    }

    public void Dispose() => stage.Dispose();

    private Outcome Tell(int seed)
    {
        var (weather, trace) = (stage.Weather, stage.Trace);
        trace?.Say("story", $"seed {seed}: {weather.Plan}");
        var servedUntil = Noon + weather.Dice.Between(15, 100);
        var calmFrom = servedUntil + weather.Dice.Between(0, weather.Dice.OneOf(30, 200, 500));
        stage.StartCloud(bank);
        foreach (var machine in stage.Machines)
        {
            machine.SwitchOn();
            stage.World.Start(() => new Cashier(machine, stage.Agenda, stage.World, weather, trace).ServeAsync(servedUntil));
            stage.Sometimes(() => weather.Plan.PowerCuts, () => stage.CutPower(machine));
        }

        stage.Sometimes(() => weather.Plan.Outages, () => stage.Host.BreakFor(weather.Dice.Between(1, 60)));
        stage.Sometimes(() => weather.Plan.BankDown, () => bank.GoDown(weather.Dice.Between(5, 90)));

        stage.RunUntil(calmFrom);
        stage.CalmDown();
        stage.RunUntil(calmFrom + OrdersEndWithin);
        if (!stage.IsOver)
            NewReckoning().OrdersHaveEnded();
        stage.RunUntil(calmFrom + EverybodyKnowsWithin);
        if (!stage.IsOver)
            NewReckoning().EverythingAgrees();
        return new(Story.Payments, seed, stage.Verdict.Found, trace?.Lines ?? [], Count());
    }

    private Reckoning NewReckoning() => new(book, records, stage.Machines, watch, stage.Verdict, WishedBack);

    private long WishedBack(string orderNo) => office.Wished(orderNo)
        + stage.Machines.Sum(machine => machine.Store!.Find(OrderId.Parse(orderNo)) is { } order ? wishedAtTill.GetValueOrDefault(order.Id) : 0);

    private Tally Count() => new Tally
    {
        Cases = 1,
        [Counted.Orders] = book.Orders.Count,
        [Counted.Paid] = book.Orders.Count(order => order.PaidAt is not null),
        [Counted.PaidLate] = records.Refunds().Count(refund => refund.Origin == RefundOrigin.LateMoney),
        [Counted.Refunds] = book.Orders.Sum(order => order.Refunds.Count),
        [Counted.Spoken] = spoken,
        [Counted.Parked] = records.Parked().Count,
    } + stage.Incidents;
}
