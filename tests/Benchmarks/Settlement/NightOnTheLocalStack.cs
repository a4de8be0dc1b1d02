using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CanteenPay.Benchmarks.Payments;
using CanteenPay.Benchmarks.Processes;
using CanteenPay.EndToEnd;
using CanteenPay.EndToEnd.Settlement;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>
/// A night of many merchants on the whole local stack: how many orders are settled in a second, which operations that takes, and what the function app holds of memory. The floor
/// reads the same postings by the same client and does nothing with them. It fails unless the day comes to what was seeded.
/// </summary>
internal static class NightOnTheLocalStack
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(int merchants, int ordersEach)
    {
        await using var stack = await LocalStack.StartAsync();
        using var finance = stack.As("finance");
        var day = BusinessDay.Of(TimeProvider.System.GetUtcNow()).AddDays(-2);
        var seeded = new SeededDay(day, merchants, ordersEach, stack.Kept["distributor"]);
        await seeded.WriteAsync(stack.TablesConnectionString, done => Console.Error.WriteLine($"{done} of {merchants} merchants are written"));
        var counters = new OperationCounters(stack);
        await counters.StandStillAsync();
        var floor = await FloorAsync(stack, seeded);

        await counters.ResetAsync();
        var app = (await stack.StatusAsync())["functions"]!["handlers"]![0]!["processId"]!.GetValue<int>();
        var (before, most) = (Memory.PssMegabytes(app), 0.0);
        var address = new Uri(stack.Functions, string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}"));
        var started = Stopwatch.GetTimestamp();
        using (var asked = await finance.PostAsync(address, content: null))
            asked.EnsureSuccessStatusCode();
        JsonNode settled;
        while ((settled = JsonNode.Parse(await finance.GetStringAsync(address))!)["progress"]!["due"]!.GetValue<int>() > 0)
        {
            most = Math.Max(most, Memory.PssMegabytes(app));
            if (Stopwatch.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"The day is not settled: {settled["progress"]}");
            await Task.Delay(BetweenLooks);
        }

        var took = Stopwatch.GetElapsedTime(started);
        FailUnlessItIs(seeded, settled);
        await counters.StandStillAsync();
        Console.WriteLine($"| {merchants} merchants × {ordersEach} orders | s | orders/s |\n| --- | --- | --- |");
        Console.WriteLine(Row("floor: the postings are read, eight merchants at once", floor, seeded.Orders));
        Console.WriteLine(Row("settled: from the request until nobody is due", took, seeded.Orders));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\nFunction app, PSS in MB: {before:F0} before, {most:F0} at most."));
        await counters.PrintAsync("order", (int)seeded.Orders);
    }

    private static string Row(string what, TimeSpan took, long orders) =>
        string.Create(CultureInfo.InvariantCulture, $"| {what} | {took.TotalSeconds:F1} | {orders / took.TotalSeconds:F0} |");

    private static async Task<TimeSpan> FloorAsync(LocalStack stack, SeededDay seeded)
    {
        var started = Stopwatch.GetTimestamp();
        await seeded.ReadAsync(stack.TablesConnectionString, atOnce: 8);
        return Stopwatch.GetElapsedTime(started);
    }

    private static void FailUnlessItIs(SeededDay seeded, JsonNode settled)
    {
        var (payable, expected) = (settled["totals"]!["payable"]!.GetValue<long>(), seeded.Gross - seeded.Refunds - seeded.NetFee);
        if (payable != expected || settled["progress"]!["statements"]!.GetValue<int>() != seeded.Merchants)
            throw new InvalidOperationException($"The day comes to {payable} fen and not to {expected}: {settled["progress"]}");
    }
}
