using System.Globalization;
using System.Text;

namespace CanteenPay.LocalCloud.Otlp;

/// <summary>A trace as text: a line a span, below the one that it hangs under, with when it began and how long it took.</summary>
internal static class TraceTree
{
    private const int NameWidth = 46;

    internal static string Write(IReadOnlyList<Span> spans)
    {
        if (spans.Count == 0)
            return "";
        var known = spans.Select(span => span.SpanId).ToHashSet(StringComparer.Ordinal);
        var below = spans.ToLookup(span => known.Contains(span.ParentId) ? span.ParentId : "", StringComparer.Ordinal);
        var start = spans.Min(span => span.Start);
        var text = new StringBuilder();
        foreach (var root in below[""])
            Append(text, root, below, start, prefix: "", lead: "");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Span span, ILookup<string, Span> below, ulong start, string prefix, string lead)
    {
        Line(text, lead + span.Name, span.Service, Milliseconds(start, span.Start), $"{Milliseconds(span.Start, span.End)}{(span.Failed ? "  failed" : "")}");
        List<(ulong Time, SpanEvent? Event, Span? Span)> parts =
            [.. span.Events.Select(e => (e.Time, (SpanEvent?)e, (Span?)null)).Concat(below[span.SpanId].Select(s => (s.Start, (SpanEvent?)null, (Span?)s))).OrderBy(part => part.Item1)];
        for (var i = 0; i < parts.Count; i++)
        {
            var (branch, further) = i == parts.Count - 1 ? ("└─ ", "   ") : ("├─ ", "│  ");
            if (parts[i].Span is { } child)
                Append(text, child, below, start, prefix + further, prefix + branch);
            else
                Line(text, $"{prefix}{branch}• {parts[i].Event!.Name}", span.Service, Milliseconds(start, parts[i].Time), "");
        }
    }

    private static void Line(StringBuilder text, string name, string service, string at, string took) =>
        text.Append($"{name.PadRight(NameWidth)} {service,-22} {at,9} {took,9}".TrimEnd()).Append('\n');

    private static string Milliseconds(ulong from, ulong to) => (((double)to - from) / 1_000_000).ToString("0.0", CultureInfo.InvariantCulture);
}
