namespace CanteenPay.LocalCloud.Otlp;

/// <summary>Are diners waiting? What the programs measured themselves, as they sent it by OTLP since each of them began.</summary>
/// <param name="PressToQr">Seconds from the press of the key to the QR on the screen.</param>
/// <param name="PaidToVoice">Seconds from the payment to the machine's first word about it.</param>
/// <param name="Polls">Steps of open orders and refunds that were taken.</param>
/// <param name="OpenOrders">Orders without an end, by age, as the last sweep found them: none is younger than 3 minutes.</param>
/// <param name="UnsentEntries">Entries of taps that machines hold and the cloud has not booked.</param>
/// <param name="Refusals">Orders that were refused, by reason.</param>
/// <param name="ChannelErrors">Calls of a channel without a definite answer, by call and kind.</param>
/// <param name="Orders">The orders whose traces began last.</param>
internal sealed record DinersStatus(
    Waiting PressToQr,
    Waiting PaidToVoice,
    long Polls,
    IReadOnlyDictionary<string, long> OpenOrders,
    long UnsentEntries,
    IReadOnlyDictionary<string, long> Refusals,
    IReadOnlyDictionary<string, long> ChannelErrors,
    IReadOnlyList<string> Orders)
{
    private const int NewestOrders = 5;

    /// <summary>As things stand.</summary>
    internal static DinersStatus Of(MetricBook metrics, SpanBook spans) => new(
        Waiting.Of(metrics.Of("canteenpay.order.qr.duration")),
        Waiting.Of(metrics.Of("canteenpay.order.voice.duration")),
        (long)metrics.Of("canteenpay.order.polls").Sum(metric => metric.Value),
        LastBy(metrics.Of("canteenpay.order.open"), "canteenpay.order.age"),
        (long)metrics.Of("canteenpay.card.entries.unsent").Sum(metric => metric.Value),
        SumBy(metrics.Of("canteenpay.order.refusals"), "canteenpay.refusal.code"),
        SumBy(metrics.Of("canteenpay.channel.errors"), "canteenpay.channel.operation", "error.type"),
        spans.NewestOrders(NewestOrders));

    private static SortedDictionary<string, long> SumBy(IReadOnlyList<Metric> metrics, params string[] by) => new(
        metrics.GroupBy(metric => Name(metric, by)).ToDictionary(group => group.Key, group => (long)group.Sum(metric => metric.Value)), StringComparer.Ordinal);

    /// <summary>One process sweeps at a time: the newest word is the true one.</summary>
    private static Dictionary<string, long> LastBy(IReadOnlyList<Metric> metrics, params string[] by) =>
        metrics.GroupBy(metric => Name(metric, by)).ToDictionary(group => group.Key, group => (long)group.MaxBy(metric => metric.Time)!.Value);

    private static string Name(Metric metric, string[] by) => string.Join(' ', by.Select(key => metric.Attributes.GetValueOrDefault(key)));
}

/// <summary>How long something took, in seconds. Percentiles are upper bounds of the classes that they fall into; null beyond the last one.</summary>
/// <param name="Count">How often.</param>
/// <param name="P50">At most so long in half of the cases.</param>
/// <param name="P95">At most so long in 95 of 100.</param>
/// <param name="P99">At most so long in 99 of 100.</param>
internal sealed record Waiting(long Count, double? P50, double? P95, double? P99)
{
    /// <summary>Of all programs together.</summary>
    internal static Waiting Of(IReadOnlyList<Metric> histograms)
    {
        var alike = histograms.Where(metric => metric.Counts.Count == metric.Bounds.Count + 1 && metric.Bounds.SequenceEqual(histograms[0].Bounds)).ToList();
        if (alike.Count == 0)
            return new(0, null, null, null);
        var counts = Enumerable.Range(0, alike[0].Counts.Count).Select(i => alike.Sum(metric => metric.Counts[i])).ToList();
        var bounds = alike[0].Bounds;
        return new(counts.Sum(), Percentile(counts, bounds, 0.5), Percentile(counts, bounds, 0.95), Percentile(counts, bounds, 0.99));
    }

    private static double? Percentile(List<long> counts, IReadOnlyList<double> bounds, double part)
    {
        var wanted = part * counts.Sum();
        long seen = 0;
        for (var i = 0; i < bounds.Count; i++)
        {
            seen += counts[i];
            if (seen > 0 && seen >= wanted)
                return bounds[i];
        }

        return null;
    }
}
