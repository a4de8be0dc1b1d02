using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.Benchmarks.Processes;
using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks.Payments;

/// <summary>
/// Payments one after the other on the whole local stack: how long from the key to the QR, how long from the bank's "paid" to the voice, how many operations
/// each took, and of a refund. The agent is the published one. The floors are taken in the same run: a key that only the machine answers, and a request that only passes the host.
/// </summary>
internal static class PaymentsOnTheLocalStack
{
    private const int WarmUp = 5;

    /// <summary>Few: each takes the bank some seconds.</summary>
    private const int MostRefunds = 20;

    public static async Task RunAsync(int payments)
    {
        await using var stack = await LocalStack.StartAsync(functionApp: null, "--program-dir", $"agent={Repository.Agent}");
        await using var screen = new MachineScreen(stack.Http, stack.Screen);
        await screen.SeeAsync(view => view["online"]!.GetValue<bool>());

        var counters = new OperationCounters(stack);
        var orders = new List<string>();
        var key = new Percentiles("floor: a digit's key → page");
        var host = new Percentiles("floor: a request through the host to the function app and back");
        var qr = new Percentiles("press cloud pay → QR on the page");
        var voice = new Percentiles("bank says paid → the page is told to speak");
        for (var payment = -WarmUp; payment < payments; payment++)
        {
            var counted = payment >= 0;
            if (payment == 0)
                await counters.ResetAsync();
            var keyTime = await KeyAsync(screen);
            var hostTime = await HostAsync(stack);
            var (order, qrTime, voiceTime) = await PayAsync(stack, screen);
            if (!counted)
                continue;
            orders.Add(order);
            key.Add(keyTime);
            host.Add(hostTime);
            qr.Add(qrTime);
            voice.Add(voiceTime);
            Console.Error.Write($"\r{payment + 1}/{payments}");
        }

        Console.Error.WriteLine();
        await counters.StandStillAsync();
        Console.WriteLine("| milliseconds | n | p50 | p90 | p99 | max |\n| --- | --- | --- | --- | --- | --- |");
        foreach (var row in (Percentiles[])[key, host, qr, voice])
            Console.WriteLine(row.Row(TimeSpan.FromMilliseconds(1)));
        await counters.PrintAsync("payment", payments);
        await PrintMemoryAsync(stack);
        await Refunds.RunAsync(stack, counters, orders.GetRange(0, Math.Min(payments, MostRefunds)));
    }

    private static async Task<TimeSpan> KeyAsync(MachineScreen screen)
    {
        await screen.PressAsync("clear");
        var pressed = Stopwatch.GetTimestamp();
        await screen.PressAsync("8");
        var (seen, _) = await screen.SeeAsync(view => view["amount"]!.GetValue<string>() == "8");
        return Stopwatch.GetElapsedTime(pressed, seen);
    }

    private static async Task<TimeSpan> HostAsync(LocalStack stack)
    {
        var started = Stopwatch.GetTimestamp();
        await stack.Http.GetStringAsync(new Uri(stack.Functions, "/health/live"));
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Presses cloud pay for what is keyed, lets the bank's phone page pay, and waits for the words.</summary>
    public static async Task<(string Order, TimeSpan Qr, TimeSpan Voice)> PayAsync(LocalStack stack, MachineScreen screen)
    {
        var pressed = Stopwatch.GetTimestamp();
        await screen.PressAsync("pay");
        var (shown, _) = await screen.SeeAsync(view => view["qr"] is not null);

        var order = JsonNode.Parse(await stack.Http.GetStringAsync(new Uri(stack.Bank, "/control/orders")))!.AsArray()
            .Single(row => row!["state"]!.GetValue<string>() == "NOTPAY")!["outTradeNo"]!.GetValue<string>();
        using var body = new StringContent("""{"wallet":"alipay"}""", Encoding.UTF8, "application/json");
        var paid = Stopwatch.GetTimestamp();
        using var answer = await stack.Http.PostAsync(new Uri(stack.Bank, $"/control/orders/{order}/pay"), body);
        answer.EnsureSuccessStatusCode();
        var (spoken, _) = await screen.SeeAsync(view => view["utterance"] is not null && view["state"]!.GetValue<string>() == "paid");
        return (order, Stopwatch.GetElapsedTime(pressed, shown), Stopwatch.GetElapsedTime(paid, spoken));
    }

    private static async Task PrintMemoryAsync(LocalStack stack)
    {
        var status = await stack.StatusAsync();
        var app = status["functions"]!["handlers"]![0]!["processId"]!.GetValue<int>();
        var agent = status["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == "agent")!["pid"]!.GetValue<int>();
        Console.WriteLine("\n| process | PSS after the payments, MB |\n| --- | --- |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| function app | {Memory.PssMegabytes(app):F0} |"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| agent with its page | {Memory.PssMegabytes(agent):F0} |"));
    }
}
