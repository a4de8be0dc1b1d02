using System.Globalization;
using CanteenPay.Benchmarks.Processes;
using CanteenPay.EndToEnd;
using CanteenPay.EndToEnd.Cards;

namespace CanteenPay.Benchmarks.Cards;

/// <summary>
/// What an agent holds with a named workload, as AWS measures Greengrass lite: the median PSS at each 10 s after a warm-up. Theirs is three runs of ten minutes after
/// five of warm-up; ours is one of two minutes after half a minute, which is said beside the number.
/// </summary>
internal static class AgentMemory
{
    private const int Samples = 12;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTaps = TimeSpan.FromSeconds(1);

    /// <summary>The process of a part of the stack.</summary>
    public static async Task<int> ProcessAsync(LocalStack stack, string program) =>
        (await stack.StatusAsync())["parts"]!.AsArray().Single(part => part!["name"]!.GetValue<string>() == program)!["pid"]!.GetValue<int>();

    /// <summary>One tap a second, and the median of what the agent holds meanwhile.</summary>
    public static async Task PrintAsync(CardCanteen canteen, CardMachine machine, int process, IReadOnlyList<string> cards, int accounts)
    {
        using var end = new CancellationTokenSource();
        var workload = TapAsync(machine, cards, end.Token);
        await Task.Delay(WarmUp, CancellationToken.None);
        List<double> sampled = [];
        for (var sample = 0; sample < Samples; sample++)
        {
            await Task.Delay(Between, CancellationToken.None);
            sampled.Add(Memory.PssMegabytes(process));
        }

        await end.CancelAsync();
        await workload;
        await machine.HasSentAllAsync(TimeSpan.FromSeconds(60));
        Console.WriteLine("\n| agent with its page, a tap a second | PSS, MB, median | most |\n| --- | --- | --- |");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {accounts} accounts, {Samples} samples {Between.TotalSeconds} s apart after {WarmUp.TotalSeconds} s of warm-up, one run | {Medians.Of(sampled):F0} | {sampled.Max():F0} |"));
    }

    private static async Task TapAsync(CardMachine machine, IReadOnlyList<string> cards, CancellationToken end)
    {
        for (var tap = 0; !end.IsCancellationRequested; tap++)
        {
            await machine.TapAsync(cards[tap % cards.Count], 1);
            await Task.Delay(BetweenTaps, CancellationToken.None);
        }
    }
}
