using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Simulation.Virtual;

/// <summary>The product's own log, as lines of the story.</summary>
internal sealed class TraceLog(Trace trace, string who) : ILoggerProvider, ILogger
{
    /// <summary>Writes the log of a process into the story, if there is one.</summary>
    public static void AddTo(IServiceCollection services, Trace? trace, string who)
    {
        if (trace is null)
            services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        else
            services.AddLogging(logging => logging.AddProvider(new TraceLog(trace, who)));
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        trace.Say(who, $"log: {formatter(state, exception)}{(exception is null ? "" : $" ({exception.Message})")}");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
