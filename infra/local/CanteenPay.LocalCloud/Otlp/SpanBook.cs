namespace CanteenPay.LocalCloud.Otlp;

/// <summary>The newest spans that programs sent, in memory.</summary>
internal sealed class SpanBook
{
    /// <summary>Most spans that are kept: those of some hundred payments.</summary>
    internal const int MaxSpans = 10_000;

    private const string OrderTag = "canteenpay.order.id";

    private readonly Lock _gate = new();
    private readonly Queue<Span> _spans = new();

    internal void Add(IEnumerable<Span> spans)
    {
        lock (_gate)
        {
            foreach (var span in spans)
            {
                if (_spans.Count == MaxSpans)
                    _spans.Dequeue();
                _spans.Enqueue(span);
            }
        }
    }

    /// <summary>Every span of the traces that an order is in.</summary>
    internal IReadOnlyList<Span> OfOrder(string order)
    {
        lock (_gate)
        {
            var traces = _spans.Where(span => span.Attributes.GetValueOrDefault(OrderTag) == order).Select(span => span.TraceId).ToHashSet(StringComparer.Ordinal);
            return [.. _spans.Where(span => traces.Contains(span.TraceId)).OrderBy(span => span.Start)];
        }
    }

    /// <summary>The orders whose traces began last, newest first.</summary>
    internal IReadOnlyList<string> NewestOrders(int count)
    {
        lock (_gate)
            return [.. _spans.Where(span => span.ParentId.Length == 0 && span.Attributes.ContainsKey(OrderTag)).OrderByDescending(span => span.Start).Take(count).Select(span => span.Attributes[OrderTag])];
    }
}
