using System.Diagnostics;
using System.Globalization;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Tests.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>What it takes to reckon a day from postings that come one by one: memory must not grow with them, and time only as they do.</summary>
internal static class MemoryOfADay
{
    private const int WarmUp = 20_000;

    public static void Run()
    {
        Reckon(WarmUp);
        Console.WriteLine("| postings of a merchant's day | made while they were added, bytes | held for it at the end, KB | process at most, MB | ns a posting, with its digest |\n| --- | --- | --- | --- | --- |");
        foreach (var postings in (int[])[10_000, 100_000, 1_000_000])
        {
            var (allocated, held, took) = Reckon(postings);
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {postings} | {allocated} | {held / 1024.0:F0} | {self.PeakWorkingSet64 / 1_048_576} | {took.TotalNanoseconds / postings:F0} |"));
        }

        Console.WriteLine();
    }

    private static (long Allocated, long Held, TimeSpan Took) Reckon(int postings)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var sums = new StatementSums(RandomDay.Merchant, RandomDay.Day, PaidOrders.Terms);
        var (allocated, took) = (0L, 0L);
        for (var number = 0; number < postings; number++)
        {
            var posting = RandomDay.Payment(number, 100 + number % 5_000, 38, 18);
            var (bytes, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            sums.Add(posting);
            took += Stopwatch.GetTimestamp() - began;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
        }

        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (sums.ToStatement(Fen.Zero).PaymentCount != postings)
            throw new InvalidOperationException("Some were not counted.");
        return (allocated, held, Stopwatch.GetElapsedTime(0, took));
    }
}
