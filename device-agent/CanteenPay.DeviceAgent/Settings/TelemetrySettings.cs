namespace CanteenPay.DeviceAgent.Settings;

/// <summary>Where the machine's traces and metrics go, by OpenTelemetry's own names of settings (<c>OTEL_…</c>), outside of the section <c>Agent</c>.</summary>
/// <param name="Endpoint">Takes OTLP over http/protobuf; null sends nothing.</param>
/// <param name="Headers">Sent with it, such as a key: <c>name=value,name=value</c>. Null for none.</param>
/// <param name="Ratio">The part of this machine's payments that is traced, 0 to 1.</param>
/// <param name="TracesDelayMs">Milliseconds between two sendings of spans.</param>
/// <param name="MetricsIntervalMs">Milliseconds between two sendings of metrics.</param>
internal sealed record TelemetrySettings(Uri? Endpoint = null, string? Headers = null, double Ratio = 1, int TracesDelayMs = 5_000, int MetricsIntervalMs = 60_000);
