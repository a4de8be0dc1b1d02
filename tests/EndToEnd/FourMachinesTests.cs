using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
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
    private const int TapsEach = 50;

    /// <summary>A card is tapped once on each machine: never twice on one within 3 s.</summary>
    private const int Cards = 50;

    /// <summary>These hold less than four meals: machines that do not know of each other overdraw them.</summary>
    private const int Poor = 5;

    private const long Rich = 60_00;
    private const long PoorCash = 12_00;

    private const string Messages = """{"drop":0.05,"double":0.1,"delay":{"share":0.1,"ms":500},"reorder":0.05}""";
    private static readonly TimeSpan SyncLimit = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _time = Stopwatch.StartNew();

    [Fact]
    public async Task Two_hundred_taps_with_two_machines_cut_off_faults_and_kills_are_booked_once_each_and_all_agree()
    {
        await using var canteen = await CardCanteen.StartAsync(Machines);
        Say("started");
        var began = DateTimeOffset.UtcNow;
        await canteen.Office.SetRulesAsync();
        var accounts = new ConcurrentDictionary<int, string>();
        await CardCanteen.EachAsync(Enumerable.Range(0, Cards), async card => accounts[card] = await OpenAsync(canteen.Office, card));
        foreach (var machine in canteen.Machines)
            machine.Mend();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.IsSyncedAsync(SyncLimit)));
        Say("synced");

        await FaultsAsync(canteen.Stack);
        foreach (var machine in canteen.Machines.Skip(2))
            machine.Cable.Cut();
        var shown = new ConcurrentQueue<ShownTap>();
        await Task.WhenAll([.. canteen.Machines.Select((machine, number) => TapAsync(machine, number, shown)), TroubleAsync(canteen, shown, accounts)]);
        Say("tapped");
        foreach (var machine in canteen.Machines)
            machine.Mend();
        await canteen.Stack.EndFaultsAsync();
        await Task.WhenAll(canteen.Machines.Select(machine => machine.HasSentAllAsync(SyncLimit)));
        Say("sent");

        var approved = shown.Where(tap => tap.TapId is not null).ToList();
        shown.Where(tap => tap.TapId is null).ShouldAllBe(tap => tap.Refusal == "notenough");
        approved.Count.ShouldBeGreaterThanOrEqualTo(Machines * (Cards - Poor));
        (await BookedAsync(canteen, began)).ShouldBe([.. approved.Select(Line).Order()], "every approved tap is booked once, by its machine, with its amount, and nothing else");
        await AllAgreeAsync(canteen);
        Say("agreed");
        var check = await canteen.Office.CheckAsync();
        output.WriteLine(check.ToJsonString());
        check["isClosed"]!.GetValue<bool>().ShouldBeTrue();
        check["difference"]!.GetValue<long>().ShouldBe(0);
        (await canteen.Stack.KillsAsync()).ShouldBe(1);
    }

    private static async Task<string> OpenAsync(CardOffice office, int card)
    {
        var account = await office.OpenAsync(No(card));
        await office.TopUpAsync(account, card < Poor ? PoorCash : Rich, $"topup-{No(card)}");
        return account;
    }

    private static async Task TapAsync(CardMachine machine, int number, ConcurrentQueue<ShownTap> shown)
    {
        for (var tap = 0; tap < TapsEach; tap++)
            shown.Enqueue(await machine.TapAsync(No((tap + number * (Cards / Machines)) % Cards), 4_01 + 37 * tap % 500));
    }

    /// <summary>In the middle of it: the function app dies at one of its I/Os, the broker dies, and the office goes on topping up.</summary>
    private static async Task TroubleAsync(CardCanteen canteen, ConcurrentQueue<ShownTap> shown, ConcurrentDictionary<int, string> accounts)
    {
        await ReachesAsync(shown, 40);
        await canteen.Stack.KillHandlerAfterAsync(9);
        await canteen.Office.TopUpAsync(accounts[Cards - 1], 5_00, "topup-late-1");
        await ReachesAsync(shown, 100);
        await canteen.Stack.KillProgramAsync("mosquitto");
        await canteen.Office.TopUpAsync(accounts[Cards - 2], 5_00, "topup-late-2");
    }

    private static Task ReachesAsync(ConcurrentQueue<ShownTap> shown, int taps) =>
        Eventually.TrueAsync(() => shown.Count >= taps, SyncLimit, () => $"only {shown.Count} taps were made");

    private static async Task FaultsAsync(LocalStack stack)
    {
        await stack.SetFaultsAsync("machine-to-cloud", Messages);
        await stack.SetFaultsAsync("cloud-to-machine", Messages);
        await stack.SetFaultsAsync("service-bus", """{"refuse":0.05,"lostAnswer":0.05,"double":0.05}""");
        await stack.SetFaultsAsync("tables", """{"throttle":0.02,"lostAnswer":0.02}""");
        await stack.SetFaultsAsync("queue-delivery", """{"double":0.1}""");
        await stack.SetFaultsAsync("front-door", """{"refuse":0.05,"lostAnswer":0.05,"double":0.05}""");
    }

    private static async Task<IReadOnlyList<string>> BookedAsync(CardCanteen canteen, DateTimeOffset began)
    {
        List<string> booked = [];
        foreach (var machine in canteen.Machines)
            booked.AddRange((await canteen.Office.LinesAsync(machine.Device, CardOffice.DaysSince(began))).Select(line => Line(machine.Device, line)));
        return [.. booked.Order()];
    }

    /// <summary>Each machine shows of each card what the cloud has; what is overdrawn cannot be spent.</summary>
    private static async Task AllAgreeAsync(CardCanteen canteen)
    {
        var balances = new ConcurrentDictionary<int, long>();
        await CardCanteen.EachAsync(Enumerable.Range(0, Cards), async card => balances[card] = Math.Max(0, await canteen.Office.BalanceOfAsync(No(card))));
        await Task.WhenAll(canteen.Machines.Select(machine => AgreesAsync(machine, balances)));
    }

    private static async Task AgreesAsync(CardMachine machine, ConcurrentDictionary<int, long> balances)
    {
        for (var card = 0; card < Cards; card++)
        {
            // The feed's last news may still be on its way.
            long? shown = null;
            await Eventually.TrueAsync(
                async () => (shown = await machine.BalanceAsync(No(card))) == balances[card],
                SyncLimit,
                () => $"{machine.Device} shows {shown} fen of card {card}, the cloud has {balances[card]}");
        }
    }

    private static string Line(ShownTap tap) => $"{tap.Device} {tap.TapId} {tap.Amount}";

    private static string Line(string device, JsonNode line) => $"{device} {line["tapId"]!.GetValue<string>()} {line["amount"]!.GetValue<long>()}";

    private static string No(int card) => string.Create(CultureInfo.InvariantCulture, $"C0{card:D6}");

    private void Say(string what) => output.WriteLine($"{_time.Elapsed.TotalSeconds:F1} s: {what}");
}
