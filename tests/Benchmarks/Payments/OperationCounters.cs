using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CanteenPay.EndToEnd;

namespace CanteenPay.Benchmarks.Payments;

/// <summary>LocalCloud's counters of what Azure would charge for.</summary>
internal sealed class OperationCounters(LocalStack stack)
{
    /// <summary>Longer than the first poll is away, which finds a paid order and ends its polling.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public Task ResetAsync() => stack.PostAsync(new Uri(stack.Status, "/counters/reset"));

    /// <summary>Waits until an operation was done so many times.</summary>
    public Task ReachAsync(string operation, int times, TimeSpan limit) => Eventually.TrueAsync(
        async () => (await NowAsync())[operation]?.GetValue<long>() >= times, limit, () => $"'{operation}' was not done {times} times.");

    /// <summary>What was asked for leaves more to be done afterwards, such as a last poll, and that is counted too.</summary>
    public async Task StandStillAsync()
    {
        var (before, since) = ("", Stopwatch.GetTimestamp());
        var began = since;
        using var timer = new PeriodicTimer(BetweenLooks);
        while (Stopwatch.GetElapsedTime(since) < Quiet && Stopwatch.GetElapsedTime(began) < QuietLimit)
        {
            if ((await NowAsync()).ToJsonString() is var now && now != before)
                (before, since) = (now, Stopwatch.GetTimestamp());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>A Markdown table of everything since the reset.</summary>
    public async Task PrintAsync(string ofWhat, int count)
    {
        Console.WriteLine($"\n| operations of {count} {ofWhat}s | in all | for each |\n| --- | --- | --- |");
        foreach (var (name, times) in await NowAsync())
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {times!.GetValue<long>()} | {(double)times.GetValue<long>() / count:F2} |"));
        }
    }

    private async Task<JsonObject> NowAsync() => (await stack.StatusAsync())["operations"]!.AsObject();
}
