using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CanteenPay.Benchmarks.Payments;
using CanteenPay.Benchmarks.Processes;
using CanteenPay.EndToEnd;
using CanteenPay.EndToEnd.Cards;

namespace CanteenPay.Benchmarks.Cards;

/// <summary>
/// Cards on the whole local stack: how a machine gets all accounts, what a batch costs, and taps on four machines, two of them cut off, with every way faulty. It fails
/// unless in the end every tap is booked once, machines and cloud agree, and the closed loop says zero.
/// </summary>
internal static class CardsOnTheLocalStack
{
    private const int Machines = 4;

    /// <summary>Most cards that tap; the other accounts hold nothing.</summary>
    private const int MostTapping = 500;

    /// <summary>Taps of as many accounts, made without a link and sent afterwards.</summary>
    private const int InBatches = 180;

    /// <summary>Machines and cards are compared by their pages, one by one: of so many cards.</summary>
    private const int Compared = 100;

    /// <summary>Azurite looks through all rows for each page: a pull of 50,000 accounts keeps one core busy for minutes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    public static async Task RunAsync(int taps, int accounts)
    {
        await using var canteen = await CardCanteen.StartAsync(Machines, Repository.Agent);
        var began = DateTimeOffset.UtcNow;
        var cards = Enumerable.Range(0, Math.Min(accounts, MostTapping)).Select(No).ToList();
        await canteen.Office.SetRulesAsync();
        await CardCanteen.EachAsync(cards, async card => await canteen.Office.TopUpAsync(await canteen.Office.OpenAsync(card), 90_00, $"topup-{card}"));
        await AccountSeed.WriteAsync(canteen.Stack.TablesConnectionString, canteen.Merchant, accounts - cards.Count);

        var counters = new OperationCounters(canteen.Stack);
        await counters.StandStillAsync();
        await PullAsync(canteen, counters, accounts);
        var shown = new ConcurrentQueue<ShownTap>();
        await BatchesAsync(canteen, counters, cards, shown);
        await TapAsync(canteen, cards, taps, shown);
        await canteen.IsBookedAsync(shown, began);
        await canteen.AgreesAsync(cards.GetRange(0, Math.Min(Compared, cards.Count)));
        await canteen.IsClosedAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"\nEvery one of {shown.Count(tap => tap.TapId is not null)} approved taps is booked once, the machines agree with the cloud, the closed loop says zero."));
        var machine = canteen.Machines[0];
        await AgentMemory.PrintAsync(canteen, machine, await AgentMemory.ProcessAsync(canteen.Stack, machine.Program), cards, accounts);
    }

    /// <summary>One machine alone gets everything, then the others.</summary>
    private static async Task PullAsync(CardCanteen canteen, OperationCounters counters, int accounts)
    {
        var (first, process) = (canteen.Machines[0], await AgentMemory.ProcessAsync(canteen.Stack, canteen.Machines[0].Program));
        var app = (await canteen.Stack.StatusAsync())["functions"]!["handlers"]![0]!["processId"]!.GetValue<int>();
        var before = (Agent: Memory.PssMegabytes(process), App: Memory.PssMegabytes(app));
        var most = before;
        await counters.ResetAsync();
        var started = Stopwatch.GetTimestamp();
        first.Mend();
        var synced = first.IsSyncedAsync(Limit);
        while (await Task.WhenAny(synced, Task.Delay(250)) != synced)
            most = (Math.Max(most.Agent, Memory.PssMegabytes(process)), Math.Max(most.App, Memory.PssMegabytes(app)));
        await synced;
        var took = Stopwatch.GetElapsedTime(started);
        var pages = await canteen.Stack.InvocationsAsync("MachineCards");
        Console.WriteLine($"| a pull of {accounts} accounts | s | pages and other card messages | agent's PSS, MB: before, most | function app's |\n| --- | --- | --- | --- | --- |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| one machine alone | {took.TotalSeconds:F1} | {pages} | {before.Agent:F0}, {most.Agent:F0} | {before.App:F0}, {most.App:F0} |"));
        foreach (var machine in canteen.Machines)
            machine.Mend();
        started = Stopwatch.GetTimestamp();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.IsSyncedAsync(Limit)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Machines - 1} more at once | {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} | | | |"));
    }

    /// <summary>The feed is held meanwhile, so that what is counted is the booking of batches.</summary>
    private static async Task BatchesAsync(CardCanteen canteen, OperationCounters counters, List<string> cards, ConcurrentQueue<ShownTap> shown)
    {
        const string Feed = "card-feed";
        var machine = canteen.Machines[0];
        var entries = Math.Min(InBatches, cards.Count);
        await canteen.Stack.HoldAsync(Feed);
        machine.Cable.Cut();
        foreach (var card in cards.Take(entries))
            shown.Enqueue(await machine.TapAsync(card, 5_00));
        await counters.StandStillAsync();
        await counters.ResetAsync();
        var before = await canteen.Stack.InvocationsAsync("MachineCards");
        machine.Mend();
        await machine.HasSentAllAsync(Limit);
        await counters.StandStillAsync();
        var batches = await canteen.Stack.InvocationsAsync("MachineCards") - before;
        Console.WriteLine($"\n{entries} entries of as many accounts, {batches} card messages:");
        await counters.PrintAsync("card message", batches);
        await canteen.Stack.ReleaseAsync(Feed);
    }

    private static async Task TapAsync(CardCanteen canteen, List<string> cards, int taps, ConcurrentQueue<ShownTap> shown)
    {
        await CardTruth.TroubleAsync(canteen.Stack);
        foreach (var machine in canteen.Machines.Skip(Machines / 2))
            machine.Cable.Cut();
        var times = new Percentiles("card on the reader → approved on the page");
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(canteen.Machines.Select((machine, number) => TapAsync(machine, number, cards, taps / Machines, shown, times)));
        var tapped = Stopwatch.GetElapsedTime(started);
        foreach (var machine in canteen.Machines)
            machine.Mend();
        await canteen.Stack.EndFaultsAsync();
        started = Stopwatch.GetTimestamp();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.HasSentAllAsync(Limit)));
        Console.WriteLine("\n| milliseconds | n | p50 | p90 | p99 | max |\n| --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(times.Row(TimeSpan.FromMilliseconds(1)));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{taps} cards on four machines at once, two of them cut off, took {tapped.TotalSeconds:F0} s, keys and pages included; with the network back and the faults over all was booked after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s."));
    }

    private static async Task TapAsync(
        CardMachine machine, int number, List<string> cards, int taps, ConcurrentQueue<ShownTap> shown, Percentiles times)
    {
        for (var tap = 0; tap < taps; tap++)
        {
            var made = await machine.TapAsync(cards[(tap + number * cards.Count / Machines) % cards.Count], 1_00 + 7 * tap % 300);
            shown.Enqueue(made);
            lock (times)
                times.Add(made.Took);
        }
    }

    private static string No(int card) => string.Create(CultureInfo.InvariantCulture, $"C0{card:D6}");
}
