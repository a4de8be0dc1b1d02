using Microsoft.Extensions.Logging;

namespace CanteenPay.Functions.Tests;

/// <summary>What the app logged.</summary>
internal sealed partial class World
{
    /// <summary>Every line, with its exception.</summary>
    public List<string> Log { get; } = [];

    private sealed class RecordingLog(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add($"{eventId.Id} {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
