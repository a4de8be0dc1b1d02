using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd.Cards;

/// <summary>What must be true of a canteen's cards once everything has come to rest.</summary>
public static class CardTruth
{
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(60);

    /// <summary>Every way between machines and cloud loses, doubles, delays and reorders, and storage and queues refuse and forget to answer.</summary>
    public static async Task TroubleAsync(LocalStack stack)
    {
        const string Messages = """{"drop":0.05,"double":0.1,"delay":{"share":0.1,"ms":500},"reorder":0.05}""";
        await stack.SetFaultsAsync("machine-to-cloud", Messages);
        await stack.SetFaultsAsync("cloud-to-machine", Messages);
        await stack.SetFaultsAsync("service-bus", """{"refuse":0.05,"lostAnswer":0.05,"double":0.05}""");
        await stack.SetFaultsAsync("tables", """{"throttle":0.02,"lostAnswer":0.02}""");
        await stack.SetFaultsAsync("queue-delivery", """{"double":0.1}""");
        await stack.SetFaultsAsync("front-door", """{"refuse":0.05,"lostAnswer":0.05,"double":0.05}""");
    }

    /// <summary>Every tap that a screen showed as approved is booked once, by its machine, with its amount, and nothing else is.</summary>
    public static async Task IsBookedAsync(this CardCanteen canteen, IEnumerable<ShownTap> shown, DateTimeOffset since)
    {
        var expected = shown.Where(tap => tap.TapId is not null).Select(Line).Order().ToList();
        List<string> booked = [];
        // A page says only each second what is unsent: the last taps may still be on their way.
        await Eventually.TrueAsync(
            async () => (booked = await BookedAsync(canteen, since)).Count >= expected.Count, RestLimit, () => $"{booked.Count} of {expected.Count} taps are booked");
        booked.SequenceEqual(expected).ShouldBeTrue($"not shown: {string.Join(", ", booked.Except(expected))}; not booked: {string.Join(", ", expected.Except(booked))}");
    }

    private static async Task<List<string>> BookedAsync(CardCanteen canteen, DateTimeOffset since)
    {
        List<string> booked = [];
        foreach (var machine in canteen.Machines)
            booked.AddRange((await canteen.Office.LinesAsync(machine.Device, CardOffice.DaysSince(since))).Select(line => Line(machine.Device, line)));
        return [.. booked.Order()];
    }

    /// <summary>Each machine shows of each card what the cloud has; what is overdrawn cannot be spent.</summary>
    public static async Task AgreesAsync(this CardCanteen canteen, IReadOnlyCollection<string> cards)
    {
        var balances = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        await CardCanteen.EachAsync(cards, async card => balances[card] = Math.Max(0, await canteen.Office.BalanceOfAsync(card)));
        await Task.WhenAll(canteen.Machines.Select(machine => AgreesAsync(machine, balances)));
    }

    /// <summary>The closed loop says zero.</summary>
    public static async Task IsClosedAsync(this CardCanteen canteen)
    {
        var check = await canteen.Office.CheckAsync();
        check["isClosed"]!.GetValue<bool>().ShouldBeTrue(check.ToJsonString());
        check["difference"]!.GetValue<long>().ShouldBe(0);
    }

    private static async Task AgreesAsync(CardMachine machine, ConcurrentDictionary<string, long> balances)
    {
        foreach (var (card, balance) in balances)
        {
            // The feed's last news may still be on its way.
            long? shown = null;
            await Eventually.TrueAsync(
                async () => (shown = await machine.BalanceAsync(card)) == balance,
                RestLimit,
                () => $"{machine.Device} shows {shown} fen of card {card}, the cloud has {balance}");
        }
    }

    private static string Line(ShownTap tap) => $"{tap.Device} {tap.TapId} {tap.Amount}";

    private static string Line(string device, JsonNode line) => $"{device} {line["tapId"]!.GetValue<string>()} {line["amount"]!.GetValue<long>()}";
}
