using System.Globalization;

namespace CanteenPay.Benchmarks;

/// <summary>Times of one kind. Ranks are nearest ranks.</summary>
internal sealed class Percentiles(string what)
{
    private readonly List<TimeSpan> _times = [];

    public void Add(TimeSpan time) => _times.Add(time);

    /// <summary>The time that this share of all stayed within, 0…1.</summary>
    public TimeSpan At(double share)
    {
        _times.Sort();
        return _times[Math.Max(0, (int)Math.Ceiling(share * _times.Count) - 1)];
    }

    /// <summary>A row of a Markdown table: what, n, p50, p90, p99, max, in multiples of a unit.</summary>
    public string Row(TimeSpan unit) => string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {_times.Count} | {At(0.50) / unit:F0} | {At(0.90) / unit:F0} | {At(0.99) / unit:F0} | {At(1) / unit:F0} |");
}
