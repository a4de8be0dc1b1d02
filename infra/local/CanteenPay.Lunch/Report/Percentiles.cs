namespace CanteenPay.Lunch.Report;

/// <summary>Times of one kind in milliseconds, by nearest rank.</summary>
/// <param name="Count">How many.</param>
/// <param name="P50">The middle one.</param>
/// <param name="P90">Nine of ten are not longer.</param>
/// <param name="P99">99 of 100 are not longer.</param>
/// <param name="Most">The longest.</param>
internal sealed record Percentiles(int Count, double P50, double P90, double P99, double Most)
{
    /// <summary>Of these times; null of none.</summary>
    public static Percentiles? Of(IEnumerable<TimeSpan> times)
    {
        double[] sorted = [.. times.Select(time => time.TotalMilliseconds).Order()];
        return sorted.Length == 0 ? null : new(sorted.Length, At(0.5), At(0.9), At(0.99), sorted[^1]);

        double At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
