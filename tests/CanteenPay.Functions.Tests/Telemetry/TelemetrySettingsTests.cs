using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Telemetry;
using Microsoft.Extensions.Configuration;

namespace CanteenPay.Functions.Tests.Telemetry;

/// <summary>Where telemetry goes, by OpenTelemetry's own names.</summary>
[Collection(ListeningCollection.Name)]
public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Without_an_endpoint_nobody_listens_to_the_spans()
    {
        var settings = Read();
        using var export = new TelemetryExport(settings);

        settings.Endpoint.ShouldBeNull();
        Spans.Continue("process", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").ShouldBeNull();
    }

    [Fact]
    public void Where_an_endpoint_is_set_traces_are_kept_as_was_decided_where_they_began()
    {
        using var export = new TelemetryExport(Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), ("OTEL_TRACES_SAMPLER_ARG", "0")));

        using var kept = Spans.Continue("process", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        kept.ShouldNotBeNull().Recorded.ShouldBeTrue();
        kept.Stop();
        using var dropped = Spans.Continue("process", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        (dropped?.Recorded ?? false).ShouldBeFalse();
        dropped?.Stop();
        using var here = Spans.Process(World.Request());
        (here?.Recorded ?? false).ShouldBeFalse();
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example.com")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "secret")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "10%")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "1.5")]
    [InlineData("OTEL_BSP_SCHEDULE_DELAY", "soon")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "0")]
    public void A_setting_that_cannot_be_stops_the_start_and_is_named(string name, string value)
    {
        var refused = Should.Throw<SettingException>(() => Read((name, value)));

        refused.Message.ShouldContain(name);
        if (name.EndsWith("HEADERS", StringComparison.Ordinal))
            refused.Message.ShouldNotContain(value, Case.Sensitive, "it may be a key");
    }

    private static TelemetrySettings Read(params (string Name, string? Value)[] settings) =>
        TelemetrySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value))).Build());
}
