using System.Globalization;

namespace CanteenPay.Benchmarks.Processes;

/// <summary>What a process holds, as Linux counts it.</summary>
internal static class Memory
{
    /// <summary>Proportional set size: shared pages are divided among their users.</summary>
    public static double PssMegabytes(int process) => File.ReadLines($"/proc/{process}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();
}
