namespace CanteenPay.LocalCloud.Otlp;

/// <summary>One series of a metric, as its program stands with it since it began.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Instance">Whose it is.</param>
/// <param name="Attributes">Which of its series.</param>
/// <param name="Time">When it was so, in nanoseconds since 1970.</param>
/// <param name="Value">A counter's sum or a gauge's value; a histogram's count.</param>
/// <param name="Bounds">A histogram's upper bounds, rising; the last class has none.</param>
/// <param name="Counts">How many fell into each class.</param>
internal sealed record Metric(
    string Name, string Instance, IReadOnlyDictionary<string, string> Attributes, ulong Time, double Value, IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts)
{
    /// <summary>By what a later word replaces this one.</summary>
    internal string Key => $"{Name}\n{Instance}\n{string.Join('\n', Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";
}
