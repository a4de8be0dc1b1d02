using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Supervision;
using CanteenPay.Protocol;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CanteenPay.DeviceAgent.Telemetry;

/// <summary>
/// Sends the machine's spans and metrics by OTLP while it lives. What waits is bounded (2,048 spans, then they are dropped); the rest of it is sent when the agent
/// ends, for 5 s at most.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    private TelemetryExport(TelemetrySettings settings, Uri endpoint, DeviceId device)
    {
        var resource = ResourceBuilder.CreateEmpty().AddService("canteenpay-agent", serviceVersion: AgentVersion.Text, serviceInstanceId: device.Value);
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(AgentSpans.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.Ratio)))
            .AddOtlpExporter(otlp =>
            {
                To(otlp, endpoint, "v1/traces", settings.Headers);
                otlp.BatchExportProcessorOptions.ScheduledDelayMilliseconds = settings.TracesDelayMs;
            })
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(AgentMeters.MeterName)
            .AddOtlpExporter((otlp, reader) =>
            {
                To(otlp, endpoint, "v1/metrics", settings.Headers);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.MetricsIntervalMs;
            })
            .Build();
    }

    /// <summary>Begins to send; null, and no part of it is loaded, where no endpoint is set.</summary>
    public static TelemetryExport? Start(TelemetrySettings settings, DeviceId device) =>
        settings.Endpoint is { } endpoint ? new(settings, endpoint, device) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
    }

    private static void To(OtlpExporterOptions otlp, Uri endpoint, string path, string? headers)
    {
        otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
        otlp.Endpoint = new(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);
        otlp.Headers = headers;
    }
}
