using System.Globalization;

namespace CanteenPay.DeviceAgent.Settings;

/// <summary>Reads the settings of OpenTelemetry.</summary>
/// <param name="configuration">Where they stand.</param>
/// <param name="problems">Takes what is wrong with them.</param>
internal sealed class TelemetrySettingsReader(IConfiguration configuration, List<string> problems)
{
    private const string EndpointName = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string HeadersName = "OTEL_EXPORTER_OTLP_HEADERS";
    private const string ProtocolName = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Protocol = "http/protobuf";
    private const string RatioName = "OTEL_TRACES_SAMPLER_ARG";

    /// <summary>The settings; what is wrong has its default.</summary>
    public TelemetrySettings Read()
    {
        if (Text(ProtocolName) is { } protocol && protocol != Protocol)
            Problem(ProtocolName, $"is '{protocol}', which is not spoken here", Protocol);
        return new(
            Endpoint(),
            Headers(),
            Ratio(),
            Milliseconds("OTEL_BSP_SCHEDULE_DELAY", 5_000),
            Milliseconds("OTEL_METRIC_EXPORT_INTERVAL", 60_000));
    }

    private Uri? Endpoint()
    {
        if (Text(EndpointName) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
            return url;
        Problem(EndpointName, $"is '{text}', and must be an https address; http is for this machine only", "https://otlp.example.com");
        return null;
    }

    /// <summary>The value is never repeated: it may hold a key.</summary>
    private string? Headers()
    {
        if (Text(HeadersName) is not { } headers || headers.Split(',').All(pair => pair.IndexOf('=', StringComparison.Ordinal) > 0))
            return Text(HeadersName);
        Problem(HeadersName, "is not a list of names and values", "name=value,name=value");
        return null;
    }

    private double Ratio()
    {
        if (Text(RatioName) is not { } text)
            return 1;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio <= 1)
            return ratio;
        Problem(RatioName, $"is '{text}', and must be a part from 0 to 1", "0.1");
        return 1;
    }

    private int Milliseconds(string name, int otherwise)
    {
        if (Text(name) is not { } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        Problem(name, $"is '{text}', and must be a whole number of milliseconds, at least 1", $"{otherwise}");
        return otherwise;
    }

    private void Problem(string name, string what, string example) => problems.Add($"{name} {what}. Example: {example}");

    private string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;
}
