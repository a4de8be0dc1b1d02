namespace CanteenPay.LocalCloud.Otlp;

/// <summary>Reads an <c>ExportMetricsServiceRequest</c> of opentelemetry-proto 1: gauges, sums and histograms that count from their program's start.</summary>
internal static class MetricReader
{
    private const int Gauge = 5, Sum = 7, Histogram = 9;

    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static List<Metric> Read(ReadOnlySpan<byte> request)
    {
        List<Metric> metrics = [];
        for (var reader = new ProtoReader(request); reader.Next();)
        {
            if (reader.Field == 1)
                ReadResource(reader.Message, metrics);
        }

        return metrics;
    }

    private static void ReadResource(ProtoReader resource, List<Metric> metrics)
    {
        var instance = "";
        while (resource.Next())
        {
            if (resource.Field == 1)
                instance = InstanceOf(OtlpAttributes.OfResource(resource.Message));
            else if (resource.Field == 2)
                ReadScope(resource.Message, instance, metrics);
        }
    }

    private static string InstanceOf(Dictionary<string, string> resource) =>
        $"{resource.GetValueOrDefault(OtlpAttributes.ServiceName)} {resource.GetValueOrDefault(OtlpAttributes.Instance)}";

    private static void ReadScope(ProtoReader scope, string instance, List<Metric> metrics)
    {
        while (scope.Next())
        {
            if (scope.Field == 2)
                ReadMetric(scope.Message, instance, metrics);
        }
    }

    private static void ReadMetric(ProtoReader metric, string instance, List<Metric> metrics)
    {
        var name = "";
        while (metric.Next())
        {
            if (metric.Field == 1)
                name = metric.Text;
            else if (metric.Field is Gauge or Sum or Histogram)
                ReadPoints(metric.Message, name, instance, metric.Field == Histogram, metrics);
        }
    }

    private static void ReadPoints(ProtoReader points, string name, string instance, bool isHistogram, List<Metric> metrics)
    {
        while (points.Next())
        {
            if (points.Field == 1)
                metrics.Add(isHistogram ? ReadHistogram(points.Message, name, instance) : ReadNumber(points.Message, name, instance));
        }
    }

    private static Metric ReadNumber(ProtoReader point, string name, string instance)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        ulong time = 0;
        double value = 0;
        while (point.Next())
        {
            switch (point.Field)
            {
                case 3:
                    time = point.Unsigned;
                    break;
                case 4:
                    value = point.Double;
                    break;
                case 6:
                    value = point.Long;
                    break;
                case 7:
                    OtlpAttributes.Add(point.Message, attributes);
                    break;
            }
        }

        return new(name, instance, attributes, time, value, [], []);
    }

    private static Metric ReadHistogram(ProtoReader point, string name, string instance)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        ulong time = 0;
        List<double> bounds = [];
        List<long> counts = [];
        while (point.Next())
        {
            switch (point.Field)
            {
                case 3:
                    time = point.Unsigned;
                    break;
                case 6:
                    counts.AddRange(point.Numbers.Select(number => (long)number));
                    break;
                case 7:
                    bounds.AddRange(point.Numbers.Select(BitConverter.UInt64BitsToDouble));
                    break;
                case 9:
                    OtlpAttributes.Add(point.Message, attributes);
                    break;
            }
        }

        return new(name, instance, attributes, time, counts.Sum(), bounds, counts);
    }
}
