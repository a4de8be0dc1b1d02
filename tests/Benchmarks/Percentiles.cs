using System.Globalization;

namespace CanteenPay.Benchmarks;

/// <summary>Times of one kind, in milliseconds.</summary>
internal sealed class Percentiles(string what)
{
    private readonly List<double> _milliseconds = [];

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    /// <summary>A row of a Markdown table: what, n, p50, p90, p99, max.</summary>
    public override string ToString()
    {
        _milliseconds.Sort();
        return string.Create(
            CultureInfo.InvariantCulture, $"| {what} | {_milliseconds.Count} | {At(0.50):F0} | {At(0.90):F0} | {At(0.99):F0} | {_milliseconds[^1]:F0} |");
    }

    /// <summary>Nearest rank.</summary>
    private double At(double share) => _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];
}
