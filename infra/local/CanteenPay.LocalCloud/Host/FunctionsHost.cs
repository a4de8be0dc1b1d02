using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Host;

/// <summary>The Functions host on one machine: runs the handler, proxies HTTP, pumps queues, fires timers.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    /// <summary>Reads the app; see <see cref="FunctionApp.Read"/> for what is refused.</summary>
    public FunctionsHost(FunctionApp app, FunctionsHostOptions options, QueueStore queues, TimeProvider time, ILoggerFactory loggers) => throw new NotSupportedException();

    /// <summary>Starts the handler, the pumps and the timers; returns at once. <see cref="WhenReadyAsync"/> tells when it serves.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Completes when every handler serves.</summary>
    /// <exception cref="FunctionsHostException">The host gave up a handler.</exception>
    public Task WhenReadyAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Ends pumps and timers and kills the handler, as the real host does: no graceful shutdown.</summary>
    public Task StopAsync() => throw new NotSupportedException();

    /// <summary>Maps everything on this server to the front door: function routes are proxied to the handler, all else is 404.</summary>
    public void MapFrontDoor(IEndpointRouteBuilder endpoints) => throw new NotSupportedException();

    /// <summary>The state at this moment.</summary>
    public FunctionsHostStatus Status() => throw new NotSupportedException();

    /// <summary>Runs a timer function once, now; null when it succeeded, else why it failed.</summary>
    /// <exception cref="KeyNotFoundException">No timer function has this name.</exception>
    public Task<string?> FireTimerAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
