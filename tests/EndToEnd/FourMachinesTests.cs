using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CanteenPay.EndToEnd.Cards;
using Xunit.Abstractions;

namespace CanteenPay.EndToEnd;

/// <summary>
/// Two hundred taps on four machines, two of them cut off, every way between machine and cloud faulty, the function app and the broker killed: afterwards every
/// fen is accounted for, and all agree.
/// </summary>
public sealed class FourMachinesTests(ITestOutputHelper output)
{
    private const int Machines = 4;

    /// <summary>A card is tapped once on each machine: never twice on one within 3 s.</summary>
    private const int Cards = 50;

    /// <summary>These hold less than four meals: machines that do not know of each other overdraw them.</summary>
    private const int Poor = 5;

    private const long Cash = 60_00;
    private const long PoorCash = 12_00;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, string> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<ShownTap> _shown = new();

    [Fact]
    public async Task Two_hundred_taps_with_two_machines_cut_off_faults_and_kills_are_booked_once_each_and_all_agree()
    {
        await using var canteen = await CardCanteen.StartAsync(Machines);
        Say("started");
        var began = DateTimeOffset.UtcNow;
        var cards = Enumerable.Range(0, Cards).Select(No).ToList();
        await canteen.Office.SetRulesAsync();
        await CardCanteen.EachAsync(cards, card => OpenAsync(canteen.Office, card, cards.IndexOf(card) < Poor ? PoorCash : Cash));
        foreach (var machine in canteen.Machines)
            machine.Mend();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.IsSyncedAsync(Limit)));
        Say("synced");

        await CardTruth.TroubleAsync(canteen.Stack);
        foreach (var machine in canteen.Machines.Skip(Machines / 2))
            machine.Cable.Cut();
        await Task.WhenAll([.. canteen.Machines.Select((machine, number) => TapAsync(machine, number, cards)), KillAsync(canteen, cards)]);
        Say("tapped");
        foreach (var machine in canteen.Machines)
            machine.Mend();
        await canteen.Stack.EndFaultsAsync();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.HasSentAllAsync(Limit)));
        Say("sent");

        _shown.Count.ShouldBe(Machines * Cards);
        _shown.Where(tap => tap.TapId is null).ShouldAllBe(tap => tap.Refusal == "notenough");
        _shown.Count(tap => tap.TapId is not null).ShouldBeGreaterThanOrEqualTo(Machines * (Cards - Poor));
        await canteen.IsBookedAsync(_shown, began);
        await canteen.AgreesAsync(cards);
        Say("agreed");
        await canteen.IsClosedAsync();
        Say("closed");
        (await canteen.Stack.KillsAsync()).ShouldBe(1);
    }

    private async Task OpenAsync(CardOffice office, string card, long cash)
    {
        _accounts[card] = await office.OpenAsync(card);
        await office.TopUpAsync(_accounts[card], cash, $"topup-{card}");
    }

    /// <summary>Each machine begins elsewhere among the cards.</summary>
    private async Task TapAsync(CardMachine machine, int number, List<string> cards)
    {
        for (var tap = 0; tap < Cards; tap++)
            _shown.Enqueue(await machine.TapAsync(cards[(tap + number * Cards / Machines) % Cards], 4_01 + 37 * tap % 500));
    }

    /// <summary>In the middle of it the function app dies at one of its I/Os, the broker dies, and the office goes on topping up.</summary>
    private async Task KillAsync(CardCanteen canteen, List<string> cards)
    {
        await ReachesAsync(40);
        await canteen.Stack.KillHandlerAfterAsync(9);
        await canteen.Office.TopUpAsync(_accounts[cards[^1]], 5_00, "topup-late-1");
        await ReachesAsync(100);
        await canteen.Stack.KillProgramAsync("mosquitto");
        await canteen.Office.TopUpAsync(_accounts[cards[^2]], 5_00, "topup-late-2");
    }

    private Task ReachesAsync(int taps) => Eventually.TrueAsync(() => _shown.Count >= taps, Limit, () => $"only {_shown.Count} taps were made");

    private static string No(int card) => string.Create(CultureInfo.InvariantCulture, $"C0{card:D6}");

    private void Say(string what) => output.WriteLine($"{_time.Elapsed.TotalSeconds:F1} s: {what}");
}
