using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CanteenPay.Functions.Telemetry;

/// <summary>
/// Sends the app's spans and metrics by OTLP while it lives; nothing, and at no cost, where no endpoint is set. What waits is bounded (2,048 spans, then they are
/// dropped); the rest of it is sent when the app ends, for 5 s at most.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    public TelemetryExport(TelemetrySettings settings)
    {
        if (settings.Endpoint is not { } endpoint)
            return;
        var resource = ResourceBuilder.CreateEmpty().AddService("canteenpay-functions", serviceInstanceId: Environment.MachineName + "-" + Environment.ProcessId);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Spans.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Ratio)))
            .AddOtlpExporter(otlp =>
            {
                To(otlp, endpoint, "v1/traces", settings.Headers);
                otlp.BatchExportProcessorOptions.ScheduledDelayMilliseconds = settings.TracesDelayMs;
            })
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(PaymentMeters.MeterName)
            .AddOtlpExporter((otlp, reader) =>
            {
                To(otlp, endpoint, "v1/metrics", settings.Headers);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.MetricsIntervalMs;
            })
            .Build();
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void To(OtlpExporterOptions otlp, Uri endpoint, string path, string? headers)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        otlp.Headers = headers;
    }
}
