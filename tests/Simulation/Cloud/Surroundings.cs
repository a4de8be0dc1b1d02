using CanteenPay.Azure.InMemory;
using CanteenPay.Channels;
using CanteenPay.Simulation.Virtual;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.Simulation.Cloud;

/// <summary>What one process of the function app has from outside.</summary>
/// <param name="Tables">Azure's tables.</param>
/// <param name="ServiceBus">Azure's queues.</param>
/// <param name="Broker">Azure's broker.</param>
/// <param name="Bank">Whom it asks for money.</param>
/// <param name="Time">Its clock.</param>
/// <param name="Chance">Its chance.</param>
/// <param name="Log">Its log: a part of the story, if that is written down.</param>
internal sealed record Surroundings(
    InMemoryTableService Tables, InMemoryServiceBus ServiceBus, InMemoryEventGrid Broker, IPaymentChannel Bank, VirtualTime Time, Random Chance, ILogger Log)
{
    /// <summary>The log of a process.</summary>
    public static ILogger LogOf(Trace? trace) => trace is null ? NullLogger.Instance : new TraceLog(trace, "cloud");
}

/// <summary>Where a process finds them.</summary>
internal sealed class Place
{
    /// <summary>Set when the process begins.</summary>
    public Surroundings Surroundings { get; set; } = null!;
}

/// <summary>The log of a class: all of a process write one.</summary>
internal sealed class ProcessLog<T>(Place place) : ILogger<T>
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => place.Surroundings.Log.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        place.Surroundings.Log.Log(logLevel, eventId, state, exception, formatter);
}
