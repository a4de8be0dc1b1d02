namespace CanteenPay.LocalCloud.Otlp;

/// <summary>Reads an <c>ExportTraceServiceRequest</c> of opentelemetry-proto 1.</summary>
internal static class SpanReader
{
    private const int ErrorCode = 2;

    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static List<Span> Read(ReadOnlySpan<byte> request)
    {
        List<Span> spans = [];
        for (var reader = new ProtoReader(request); reader.Next();)
        {
            if (reader.Field == 1)
                ReadResource(reader.Message, spans);
        }

        return spans;
    }

    private static void ReadResource(ProtoReader resource, List<Span> spans)
    {
        var service = "";
        while (resource.Next())
        {
            if (resource.Field == 1)
                service = OtlpAttributes.OfResource(resource.Message).GetValueOrDefault(OtlpAttributes.ServiceName, "");
            else if (resource.Field == 2)
                ReadScope(resource.Message, service, spans);
        }
    }

    private static void ReadScope(ProtoReader scope, string service, List<Span> spans)
    {
        while (scope.Next())
        {
            if (scope.Field == 2)
                spans.Add(ReadSpan(scope.Message, service));
        }
    }

    private static Span ReadSpan(ProtoReader reader, string service)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        List<SpanEvent> events = [];
        var span = new Span(service, "", "", "", "", 0, 0, Failed: false, attributes, events);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    span = span with { TraceId = reader.Hex };
                    break;
                case 2:
                    span = span with { SpanId = reader.Hex };
                    break;
                case 4:
                    span = span with { ParentId = reader.Hex };
                    break;
                case 5:
                    span = span with { Name = reader.Text };
                    break;
                case 7:
                    span = span with { Start = reader.Unsigned };
                    break;
                case 8:
                    span = span with { End = reader.Unsigned };
                    break;
                case 9:
                    OtlpAttributes.Add(reader.Message, attributes);
                    break;
                case 11:
                    events.Add(ReadEvent(reader.Message));
                    break;
                case 15:
                    span = span with { Failed = IsError(reader.Message) };
                    break;
            }
        }

        return span;
    }

    private static SpanEvent ReadEvent(ProtoReader reader)
    {
        var happened = new SpanEvent("", 0);
        while (reader.Next())
        {
            if (reader.Field == 1)
                happened = happened with { Time = reader.Unsigned };
            else if (reader.Field == 2)
                happened = happened with { Name = reader.Text };
        }

        return happened;
    }

    private static bool IsError(ProtoReader status)
    {
        while (status.Next())
        {
            if (status.Field == 3)
                return status.Long == ErrorCode;
        }

        return false;
    }
}
