namespace CanteenPay.LocalCloud.Otlp;

/// <summary>The newest word of each program about each of its metrics, in memory.</summary>
internal sealed class MetricBook
{
    /// <summary>Most series that are kept; then those that were told longest ago go.</summary>
    internal const int MaxSeries = 5_000;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Metric> _series = new(StringComparer.Ordinal);

    internal void Add(IEnumerable<Metric> metrics)
    {
        lock (_gate)
        {
            foreach (var metric in metrics)
            {
                _series.Remove(metric.Key);
                if (_series.Count == MaxSeries)
                    _series.RemoveAt(0);
                _series.Add(metric.Key, metric);
            }
        }
    }

    /// <summary>All series of a metric, those told last at the end.</summary>
    internal IReadOnlyList<Metric> Of(string name)
    {
        lock (_gate)
            return [.. _series.Values.Where(metric => metric.Name == name)];
    }
}
