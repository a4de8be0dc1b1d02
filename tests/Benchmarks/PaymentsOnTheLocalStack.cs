using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks;

/// <summary>
/// Payments one after the other on the whole local stack: how long from the key to the QR, how long from the bank's "paid" to the voice, how many operations
/// each took, what starting costs. The floors are taken in the same run: a key that only the machine answers, and a request that only passes the host.
/// </summary>
internal static class PaymentsOnTheLocalStack
{
    private const int WarmUp = 5;

    /// <summary>Longer than the first poll is away, which finds a paid order and ends its polling.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(int payments)
    {
        await using var stack = await LocalStack.StartAsync();
        await using var screen = new MachineScreen(stack.Http, stack.Screen);
        await screen.SeeAsync(view => view["online"]!.GetValue<bool>());

        var key = new Percentiles("floor: a digit's key → page");
        var host = new Percentiles("floor: a request through the host to the function app and back");
        var qr = new Percentiles("press cloud pay → QR on the page");
        var voice = new Percentiles("bank says paid → the page is told to speak");
        for (var payment = -WarmUp; payment < payments; payment++)
        {
            var counted = payment >= 0;
            if (payment == 0)
                await stack.PostAsync(new Uri(stack.Status, "/counters/reset"));
            var keyTime = await KeyAsync(screen);
            var hostTime = await HostAsync(stack);
            var (qrTime, voiceTime) = await PayAsync(stack, screen);
            if (!counted)
                continue;
            key.Add(keyTime);
            host.Add(hostTime);
            qr.Add(qrTime);
            voice.Add(voiceTime);
            Console.Error.Write($"\r{payment + 1}/{payments}");
        }

        Console.Error.WriteLine();
        await CountersStandStillAsync(stack);
        Console.WriteLine("| milliseconds | n | p50 | p90 | p99 | max |\n| --- | --- | --- | --- | --- | --- |");
        foreach (var row in (Percentiles[])[key, host, qr, voice])
            Console.WriteLine(row);
        await PrintOperationsAsync(stack, payments);
        await PrintProcessesAsync(stack);
        return 0;
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

    private static async Task<(TimeSpan Qr, TimeSpan Voice)> PayAsync(LocalStack stack, MachineScreen screen)
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
        return (Stopwatch.GetElapsedTime(pressed, shown), Stopwatch.GetElapsedTime(paid, spoken));
    }

    /// <summary>What a payment leaves to be done afterwards, such as its last poll, is counted too.</summary>
    private static async Task CountersStandStillAsync(LocalStack stack)
    {
        var (before, since) = ("", Stopwatch.GetTimestamp());
        var began = since;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (Stopwatch.GetElapsedTime(since) < Quiet && Stopwatch.GetElapsedTime(began) < QuietLimit)
        {
            if ((await stack.StatusAsync())["operations"]!.ToJsonString() is var now && now != before)
                (before, since) = (now, Stopwatch.GetTimestamp());
            await timer.WaitForNextTickAsync();
        }
    }

    private static async Task PrintOperationsAsync(LocalStack stack, int payments)
    {
        Console.WriteLine("\n| operations | in all | for each payment |\n| --- | --- | --- |");
        foreach (var (name, count) in (await stack.StatusAsync())["operations"]!.AsObject())
        {
            var times = count!.GetValue<long>();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times} | {(double)times / payments:F2} |"));
        }
    }

    private static async Task PrintProcessesAsync(LocalStack stack)
    {
        var status = await stack.StatusAsync();
        var app = status["functions"]!["handlers"]![0]!["processId"]!.GetValue<int>();
        var agent = status["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == "agent")!["pid"]!.GetValue<int>();
        var secondAgent = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Agent__DeviceId"] = "DEVMACH2",
            ["Agent__StateFolder"] = Path.Combine(stack.StateFolder, "agents", "DEVMACH2"),
            ["Agent__Broker__CertificateFile"] = Path.Combine(stack.StateFolder, "certificates", "devices", "DEVMACH2.pem"),
            ["Agent__Broker__KeyFile"] = Path.Combine(stack.StateFolder, "certificates", "devices", "DEVMACH2.key"),
            ["Agent__Screen__Url"] = "http://127.0.0.1:{port}",
        };
        var secondApp = new Dictionary<string, string>(StringComparer.Ordinal) { ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "{port}" };
        Console.WriteLine("\n| process | PSS after the payments, MB | start to first answer, ms, median of 5 |\n| --- | --- | --- |");
        await PrintAsync("function app", app, secondApp, "/");
        await PrintAsync("agent with its page", agent, secondAgent, "/view");

        async Task PrintAsync(string name, int process, Dictionary<string, string> changes, string path)
        {
            var starts = new List<double>();
            for (var i = 0; i < 5; i++)
                starts.Add(await StartTimes.OfAsync(stack.Http, process, changes, path));
            starts.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {PssMegabytes(process):F0} | {starts[2]:F0} |"));
        }
    }

    private static double PssMegabytes(int process) => File.ReadLines($"/proc/{process}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();
}
