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

    /// <summary>A machine that is switched on has rules and accounts by then, unless something goes wrong.</summary>
    private static readonly TimeSpan Morning = TimeSpan.FromSeconds(6);

    /// <summary>By then lost journals are ended, closings have gone on, and guards of nothing (15 minutes) are gone.</summary>
    private static readonly TimeSpan EverybodyKnowsWithin = TimeSpan.FromMinutes(35);

    /// <summary>Whether all agree is looked at for the first time, and again: most cases agree soon, and what comes then is quiet.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan NextLook = TimeSpan.FromMinutes(3);

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
    private readonly bool isLarge;
    private readonly CardsPutBack? putBack;

    private CardCase(int seed, bool traced, Sabotage sabotage, bool putsBack)
    {
        start = new(new DateOnly(2026, 11, 22), Begins[seed % Begins.Length], BusinessDay.Offset);
        stage = new(seed, start, traced, sabotage) { SweepInterval = () => stage!.Weather.IsCalm ? SlowSweep : Sweep };
        var dice = stage.Dice;
        faults = CardFaults.Draw(dice);
        rules = CardStoryRules.Draw(dice);
        taps = new(stage.Agenda);
        watch = new(stage.Azure, taps, books => Check(books, stage.Verdict), stage.Verdict);
        trouble = new(stage, faults, taps);
        op = new(stage);
        stage.Did = watch.Did;
        if (sabotage != Sabotage.None)
        {
            var broken = new CardSabotage(stage);
            (stage.Falsifies, stage.Did) = (broken.Falsify, broken.Did + stage.Did);
        }

        offices = [new(stage, Canteen.First), new(stage, Canteen.Second)];
        putBack = putsBack ? new(stage, offices[0], watch) : null;
        isLarge = dice.Strikes(0.2);
        for (var number = 0; number < (isLarge ? 3 : dice.OneOf(1, 2)); number++)
        {
            var machine = stage.Add(Canteen.Machines[number].Device, Canteen.Machines[number].Merchant);
            (machine.Shows, machine.IdleTick) = (Shown, () => stage.Weather.IsCalm ? SlowTick : Tick);
            machine.SteadySpeed = sabotage == Sabotage.MachineForgetsTheCardOnItsReader ? 3 : 1;
        }
    }

    /// <summary>Tells the story of a seed. The same seed tells the same story.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="traced">It is written down.</param>
    /// <param name="sabotage">What is broken on purpose.</param>
    /// <param name="putsBack">Rows of a merchant are put back to an earlier state.</param>
    public static Outcome Run(int seed, bool traced = false, Sabotage sabotage = Sabotage.None, bool putsBack = false)
    {
        using var told = new CardCase(seed, traced, sabotage, putsBack);
        return told.Tell(seed);
    }

    public void Dispose() => stage.Dispose();

    private Outcome Tell(int seed)
    {
        var (dice, trace) = (stage.Dice, stage.Trace);
        trace?.Say("story", $"seed {seed}: {stage.Weather.Plan} {faults}");
        stage.StartCloud(new BankChannel(new(stage.Agenda), stage.Agenda, stage.World, stage.Weather, Sabotage.None, trace));
        stage.Host.Request(PrepareAsync);
        foreach (var machine in stage.Machines)
            machine.SwitchOn();
        if (dice.Strikes(0.8))
        {
            stage.Weather.HoldBack();
            stage.RunUntil(start + Morning);
            stage.Weather.Begin();
        }

        var servedUntil = stage.Agenda.Now + (isLarge ? dice.Between(60, 110) : dice.Between(15, 60));
        var calmFrom = servedUntil + dice.Between(0, dice.OneOf(10, 60, isLarge ? 400 : 200));
        foreach (var machine in stage.Machines)
        {
            var line = new StaffLine(machine, () => OfficeOf(machine).AnyCard(), stage.Agenda, stage.World, stage.Weather, trace);
            stage.World.Start(() => line.ServeAsync(servedUntil));
            trouble.Begin(machine);
        }

        foreach (var office in offices.Where(office => faults.Moved > 0 || stage.Machines.Any(machine => machine.Merchant.Id == office.Merchant)))
            stage.World.Start(() => office.WorkAsync(servedUntil));
        stage.Sometimes(() => stage.Weather.Plan.Outages, () => stage.Host.BreakFor(dice.Between(1, 60)));
        putBack?.Begin(servedUntil);
        stage.World.Start(op.WorkAsync);
        Night(stage.Agenda.Now);

        stage.RunUntil(calmFrom);
        stage.CalmDown();
        trouble.End();
        LetAgree(calmFrom, isPatient: dice.Strikes(0.1));
        stage.Host.Request(CheckLoopsAsync);
        stage.RunUntil(stage.Agenda.Now + TimeSpan.FromSeconds(1));
        return new(putBack is null ? Story.Cards : Story.PutBack, seed, stage.Verdict.Found, trace?.Lines ?? [], Count());
    }

    /// <summary>Waits until all agree, or as long as that may take; some cases wait to the end, for what would come apart again and for guards that are left.</summary>
    private void LetAgree(DateTimeOffset calmFrom, bool isPatient)
    {
        var end = calmFrom + EverybodyKnowsWithin;
        for (var look = calmFrom + FirstLook; look < end && !isPatient && !stage.IsOver; look += NextLook)
        {
            stage.RunUntil(look);
            var soFar = new Verdict(trace: null);
            Reckon(soFar);
            if (soFar.Found is null)
                return;
        }

        stage.RunUntil(end);
        if (stage.IsOver)
            return;
        Reckon(stage.Verdict);
        foreach (var guard in stage.Azure.Rows("OpenCards"))
            stage.Verdict.Fail(CardReckoning.Rest, $"{guard.RowKey} is still guarded");
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
                office.PrepareAsync(app, accounts: stage.Dice.OneOf(1, 2, isLarge ? 4 : 2)).GetAwaiter().GetResult();
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

    private void Check(CardBooks books, Verdict verdict) => new BookCheck(books, rules.Unbooked.PerAccount, BusinessDay.Of(start), verdict) { WasPutBack = putBack?.IsDone == true }.Check();

    private void Reckon(Verdict verdict)
    {
        List<CardBooks> books = [.. offices.Select(office => CardBooks.Of(stage.Azure, office.Merchant))];
        foreach (var (of, office) in books.Zip(offices))
        {
            Check(of, verdict);
            new CardReckoning(of, [.. stage.Machines.Where(machine => machine.Merchant.Id == office.Merchant)], office.Wishes, verdict) { WasPutBack = putBack?.IsDone == true }.Check();
        }

        new TapReckoning(books, taps, verdict).Check();
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
