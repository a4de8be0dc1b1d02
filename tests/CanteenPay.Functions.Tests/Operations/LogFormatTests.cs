using CanteenPay.Functions.Operations;
using Serilog;

namespace CanteenPay.Functions.Tests.Operations;

public sealed class LogFormatTests
{
    [Fact]
    public void Dates_in_log_lines_are_those_of_ISO_8601()
    {
        var said = new StringWriter();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new Lines(said)).CreateLogger())
            log.Information("{Day} {At} {Amount}", new DateOnly(2026, 11, 12), new DateTimeOffset(2026, 11, 12, 15, 9, 14, TimeSpan.FromHours(8)), 12.5m);

        said.ToString().ShouldBe("2026-11-12 2026-11-12 15:09:14 +08:00 12.5");
    }

    private sealed class Lines(TextWriter writer) : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) => logEvent.RenderMessage(writer, LogFormat.Provider);
    }
}
