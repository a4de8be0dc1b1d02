using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.People;

namespace CanteenPay.Simulation.Stories;

/// <summary>One case of staff cards: machines, people with cards, an office, the network and the cloud, told from a seed. Faults first, then calm, then the reckoning.</summary>
internal sealed class CardCase : IDisposable
{
    /// <summary>Noon, the turn of the day, and the night's chores.</summary>
    private static readonly TimeOnly[] Begins = [new(12, 0), new(23, 57), new(1, 28)];

    /// <summary>By then what was offline is back, lost journals are ended, closings have gone on, and guards of nothing (15 minutes) are gone.</summary>
    private static readonly TimeSpan EverybodyKnowsWithin = TimeSpan.FromMinutes(35);

    /// <summary>In the calm nothing happens at most ticks, and they would be most of what a case costs.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SlowTick = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SlowSweep = TimeSpan.FromMinutes(3);

    private readonly Stage stage;
    private readonly CardFaults faults;
    private readonly CardRules rules;
    private readonly TapBook taps;
    private readonly CardWatch watch;
    private readonly MachineTrouble trouble;
    private readonly List<CardOffice> offices;
    private readonly Operator op;
    private readonly DateTimeOffset start;

    private CardCase(int seed, bool traced, Sabotage sabotage)
    {
        start = new(new DateOnly(2026, 11, 22), Begins[seed % Begins.Length], BusinessDay.Offset);
        stage = new(seed, start, traced, sabotage) { SweepInterval = () => stage!.Weather.IsCalm ? SlowSweep : Sweep };
        var dice = stage.Dice;
        faults = CardFaults.Draw(dice);
        rules = CardStoryRules.Draw(dice);
        taps = new(stage.Agenda);
        watch = new(stage.Azure, taps, rules.Unbooked.PerAccount, stage.Verdict);
        trouble = new(stage, faults, taps);
        op = new(stage);
        stage.Did = watch.Did;
        if (sabotage != Sabotage.None)
        {
            var broken = new CardSabotage(stage);
            (stage.Falsifies, stage.Did) = (broken.Falsify, broken.Did + stage.Did);
        }

        offices = [new(stage, Canteen.First), new(stage, Canteen.Second)];
        for (var number = 0; number < dice.OneOf(1, 2, 2, 3); number++)
        {
            var machine = stage.Add(Canteen.Machines[number].Device, Canteen.Machines[number].Merchant);
            (machine.Shows, machine.IdleTick) = (Shown, () => stage.Weather.IsCalm ? SlowTick : Tick);
        }
    }

    /// <summary>Tells the story of a seed. The same seed tells the same story.</summary>
    public static Outcome Run(int seed, bool traced = false, Sabotage sabotage = Sabotage.None)
    {
        using var told = new CardCase(seed, traced, sabotage);
        return told.Tell(seed);
    }

    public void Dispose() => stage.Dispose();

    private Outcome Tell(int seed)
    {
        var (dice, trace) = (stage.Dice, stage.Trace);
        trace?.Say("story", $"seed {seed}: {stage.Weather.Plan} {faults}");
        var servedUntil = start + dice.Between(20, 110);
        var calmFrom = servedUntil + dice.Between(0, dice.OneOf(30, 200, 400));
        stage.StartCloud(new BankChannel(new(stage.Agenda), stage.Agenda, stage.World, stage.Weather, Sabotage.None, trace));
        stage.Host.Request(PrepareAsync);
        foreach (var machine in stage.Machines)
        {
            machine.SwitchOn();
            var line = new StaffLine(machine, () => OfficeOf(machine).AnyCard(), stage.Agenda, stage.World, stage.Weather, trace);
            stage.World.Start(() => line.ServeAsync(servedUntil));
            trouble.Begin(machine);
        }

        foreach (var office in offices.Where(office => faults.Moved > 0 || stage.Machines.Any(machine => machine.Merchant.Id == office.Merchant)))
            stage.World.Start(() => office.WorkAsync(servedUntil));
        stage.Sometimes(() => stage.Weather.Plan.Outages, () => stage.Host.BreakFor(dice.Between(1, 60)));
        stage.World.Start(op.WorkAsync);
        Night(start);

        stage.RunUntil(calmFrom);
        stage.CalmDown();
        trouble.End();
        stage.RunUntil(calmFrom + EverybodyKnowsWithin);
        stage.Host.Request(CheckLoopsAsync);
        stage.RunUntil(stage.Agenda.Now + TimeSpan.FromSeconds(1));
        if (!stage.IsOver)
            Reckon();
        return new(Story.Cards, seed, stage.Verdict.Found, trace?.Lines ?? [], Count());
    }

    /// <summary>What is there before the story: rules, and a few accounts.</summary>
    private Task PrepareAsync(CloudApp app)
    {
        stage.Azure.Quietly(() =>
        {
            foreach (var office in offices)
            {
                stage.Azure.Tables.GetTableClient(CardKeys.Cards)
                    .AddEntityAsync(new RulesRow(new() { Version = 1, MerchantId = office.Merchant, Cards = rules })).GetAwaiter().GetResult();
                office.PrepareAsync(app, accounts: stage.Dice.OneOf(1, 2, 3)).GetAwaiter().GetResult();
            }
        });
        return Task.CompletedTask;
    }

    private CardOffice OfficeOf(Machine machine) => offices.First(office => office.Merchant == machine.Merchant.Id);

    private void Shown(Machine machine, ScreenSnapshot screen)
    {
        stage.Trace?.Say(machine.Nickname, $"shows {Describe(screen.State.Face)}{(screen.State.Notice is { } notice ? $", {notice.Notice}" : "")}");
        watch.Shown(machine, screen);
    }

    private static string Describe(Face face) => face switch
    {
        TapShown { Decision: TapApproved { Tap: var tap } } => $"{tap.Kind} {tap.Id} of {tap.Amount} from {tap.AccountId}, approved",
        TapShown { Decision: TapRepeated { Tap: var tap } } => $"{tap.Id} once more",
        TapShown { Decision: var decision } => $"{decision}",
        Keying keying => $"[{keying.Amount.Text}{keying.Basket.Number}]",
        _ => face.GetType().Name,
    };

    /// <summary>At half past one.</summary>
    private void Night(DateTimeOffset from)
    {
        var next = BusinessDay.Local(from).Date + TimeSpan.FromHours(1.5);
        var wait = new DateTimeOffset(next, BusinessDay.Offset) - from;
        stage.Agenda.After(wait > TimeSpan.Zero ? wait : wait + TimeSpan.FromDays(1), stage.World, () => stage.Timer("the night", app => app.NightAsync()));
    }

    private async Task CheckLoopsAsync(CloudApp app)
    {
        foreach (var office in offices)
        {
            if (await app.CheckLoopAsync(office.Merchant) is { IsClosed: false } loop)
                stage.Verdict.Fail(CardReckoning.Loops, $"{office.Merchant}: {JsonSerializer.Serialize(loop)}");
        }
    }

    private void Reckon()
    {
        List<CardBooks> books = [.. offices.Select(office => CardBooks.Of(stage.Azure, office.Merchant))];
        foreach (var (of, office) in books.Zip(offices))
        {
            new BookCheck(of, rules.Unbooked.PerAccount, stage.Verdict).Check();
            new CardReckoning(of, [.. stage.Machines.Where(machine => machine.Merchant.Id == office.Merchant)], office.Wishes, stage.Verdict).Check();
        }

        new TapReckoning(books, taps, stage.Verdict).Check();
        foreach (var guard in stage.Azure.Rows("OpenCards"))
            stage.Verdict.Fail(CardReckoning.Rest, $"{guard.RowKey} is still guarded");
    }

    private Tally Count()
    {
        var approved = taps.All.ToList();
        return new Tally
        {
            Cases = 1,
            [Counted.Taps] = approved.Count,
            [Counted.Undone] = approved.Count(tap => tap.Tap.Kind == EntryKind.Reversal),
            [Counted.Lost] = approved.Count(tap => tap.IsLost),
            [Counted.Refused] = watch.Refused,
            [Counted.Wishes] = offices.Sum(office => office.Wishes.Count),
            [Counted.Released] = op.Released,
            [Counted.Ended] = op.Ended,
        } + trouble.Incidents + stage.Incidents;
    }
}
