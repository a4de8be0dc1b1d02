using System.Globalization;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Telemetry;

/// <summary>Where traces and metrics go, by OpenTelemetry's own names of settings.</summary>
/// <param name="Endpoint">Takes OTLP over http/protobuf; null sends nothing.</param>
/// <param name="Headers">Sent with it, such as a key: <c>name=value,name=value</c>. Null for none.</param>
/// <param name="Ratio">The part of the traces begun here that is kept, 0 to 1; a trace begun elsewhere is kept as was decided there.</param>
/// <param name="TracesDelayMs">Milliseconds between two sendings of spans.</param>
/// <param name="MetricsIntervalMs">Milliseconds between two sendings of metrics.</param>
internal sealed record TelemetrySettings(Uri? Endpoint, string? Headers, double Ratio, int TracesDelayMs, int MetricsIntervalMs)
{
    private const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string HeadersName = "OTEL_EXPORTER_OTLP_HEADERS";
    private const string ProtocolName = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Protocol = "http/protobuf";
    private const string RatioName = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingException">One is wrong.</exception>
    public static TelemetrySettings Read(IConfiguration configuration)
    {
        if (configuration[ProtocolName] is { Length: > 0 } protocol && protocol != Protocol)
            throw new SettingException($"The setting {ProtocolName} is '{protocol}', and only {Protocol} is spoken here.");
        return new(
            string.IsNullOrEmpty(configuration[EndpointName]) ? null : Settings.Url(configuration, EndpointName),
            Pairs(configuration[HeadersName]),
            Part(configuration[RatioName]),
            Settings.Count(configuration, "OTEL_BSP_SCHEDULE_DELAY", 5_000),
            Settings.Count(configuration, "OTEL_METRIC_EXPORT_INTERVAL", 60_000));
    }

    /// <summary>The value is never repeated: it may hold a key.</summary>
    private static string? Pairs(string? headers) =>
        string.IsNullOrEmpty(headers) ? null
        : headers.Split(',').All(pair => pair.IndexOf('=', StringComparison.Ordinal) > 0) ? headers
        : throw new SettingException($"The setting {HeadersName} is not a list such as name=value,name=value.");

    private static double Part(string? ratio) =>
        string.IsNullOrEmpty(ratio) ? 1
        : double.TryParse(ratio, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part <= 1 ? part
        : throw new SettingException($"The setting {RatioName} is '{ratio}', which is not a part such as 0.1, from 0 to 1.");
}
