using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Otlp;

/// <summary>A span as a program sent it.</summary>
/// <param name="Service">Whose it is.</param>
/// <param name="TraceId">Its trace.</param>
/// <param name="SpanId">Itself.</param>
/// <param name="ParentId">The span below which it hangs; empty for a root.</param>
/// <param name="Name">What it did.</param>
/// <param name="Start">When it began, in nanoseconds since 1970, by its program's clock.</param>
/// <param name="End">When it ended.</param>
/// <param name="Failed">It says that it failed.</param>
/// <param name="Attributes">What else it says.</param>
/// <param name="Events">What happened in it.</param>
internal sealed record Span(
    string Service,
    string TraceId,
    string SpanId,
    string ParentId,
    string Name,
    ulong Start,
    ulong End,
    bool Failed,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<SpanEvent> Events);

/// <summary>Something that happened in a span.</summary>
internal sealed record SpanEvent(string Name, ulong Time);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<Span>))]
internal sealed partial class SpanJson : JsonSerializerContext;
