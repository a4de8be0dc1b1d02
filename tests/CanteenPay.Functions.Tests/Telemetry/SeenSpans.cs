using System.Collections.Concurrent;
using System.Diagnostics;
using CanteenPay.Functions.Telemetry;

namespace CanteenPay.Functions.Tests.Telemetry;

/// <summary>The app's spans, as an exporter would see them.</summary>
internal sealed class SeenSpans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public SeenSpans()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Those of a trace; other tests may be at it at the same time.</summary>
    public IReadOnlyList<Activity> Of(string traceparent) =>
        [.. _spans.Where(span => traceparent.Contains(span.TraceId.ToHexString(), StringComparison.Ordinal))];

    public void Dispose() => _listener.Dispose();
}
