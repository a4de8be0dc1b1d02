using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host.Apps;
using CanteenPay.LocalCloud.Host.Handlers;
using CanteenPay.LocalCloud.Host.Invocations;
using CanteenPay.LocalCloud.Host.Proxy;
using CanteenPay.LocalCloud.Host.Timers;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Host;

/// <summary>The Functions host on one machine: runs the handler, proxies HTTP, pumps queues, fires timers.</summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    // Time-out of the call: functionTimeout and this.
    private static readonly TimeSpan AfterFunctionTimeout = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, HandlerGroup> _groups = [];
    private readonly Dictionary<string, FunctionCounter> _counters = [];
    private readonly List<QueuePump> _pumps = [];
    private readonly List<FunctionTimer> _timers = [];
    private readonly HttpClient _client = Invoker.NewClient();
    private readonly HttpProxy _proxy;
    private readonly FrontDoor? _frontDoor;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _started;

    /// <param name="app">See <see cref="FunctionApp.Read"/>.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="queues">Must declare every queue of <see cref="FunctionApp.Queues"/>.</param>
    /// <param name="time">The clock of all time-outs and timers.</param>
    /// <param name="loggers">The handler's lines go to the categories <c>Handler.{group}</c>.</param>
    /// <param name="starter">Null starts processes.</param>
    /// <param name="deliveries">Faults of delivery from queues; null for none.</param>
    public FunctionsHost(
        FunctionApp app, FunctionsHostOptions options, QueueStore queues, TimeProvider time, ILoggerFactory loggers, IHandlerStarter? starter = null, Hop? deliveries = null)
    {
        deliveries ??= new Hop(HopKind.QueueDelivery);
        if (options.TimeScale <= 0)
            throw new ArgumentException($"TimeScale is {options.TimeScale}; it must be greater than 0.", nameof(options));
        var log = loggers.CreateLogger<FunctionsHost>();
        starter ??= new HandlerProcessStarter(loggers);
        var runs = new TimerLog(options.StateFolder is { } state ? Path.Combine(state, "timers") : null);
        var timeout = (app.Host.FunctionTimeout + AfterFunctionTimeout) * options.TimeScale;
        foreach (var function in app.Functions)
        {
            var name = GroupOf(function, options);
            if (!_groups.TryGetValue(name, out var group))
                _groups.Add(name, group = new HandlerGroup(name, app, options, starter, time, log));
            var counter = new FunctionCounter(function, time);
            _counters.Add(function.Name, counter);
            var invoker = new Invoker(counter, group, timeout, _client, time, log);
            if (function.Trigger is QueueTrigger queue)
                _pumps.Add(new QueuePump(function, queue, app.Host, options.TimeScale, queues, invoker, deliveries, time, log));
            else if (function.Trigger is TimerTrigger timer)
                _timers.Add(new FunctionTimer(function, timer, options.TimeScale, runs, invoker, time, log));
        }
        _proxy = new HttpProxy(options.ProxyActivityTimeout * options.TimeScale, time, log);
        if (app.Functions.FirstOrDefault(static f => f.Trigger is HttpTrigger) is { } http)
            _frontDoor = new FrontDoor(new RouteTable(app.Functions), _groups[GroupOf(http, options)], _counters, _proxy);
    }

    /// <summary>Starts the handlers, the pumps and the timers; returns at once. <see cref="WhenReadyAsync"/> tells when it serves. Once only.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_started)
            throw new InvalidOperationException("A host is started once; make a new one.");
        _started = true;
        _running = Task.WhenAll([
            .. _groups.Values.Select(group => group.RunAsync(_stop.Token)),
            .. _pumps.Select(pump => pump.RunAsync(_stop.Token)),
            .. _timers.Select(timer => timer.RunAsync(_stop.Token)),
        ]);
        return Task.CompletedTask;
    }

    /// <summary>Completes when every handler serves.</summary>
    /// <exception cref="FunctionsHostException">The host gave up a handler.</exception>
    public async Task WhenReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_groups.Values.Select(group => group.AddressAsync(cancellationToken)));
        }
        catch (HandlerGoneException e)
        {
            throw new FunctionsHostException(e.Message, e);
        }
    }

    /// <summary>Kills every handler and completes when they are gone; they are started again by the rules.</summary>
    public Task KillHandlersAsync() => Task.WhenAll(_groups.Values.Select(static group => group.KillAsync()));

    /// <summary>Ends pumps and timers and kills the handler, as the real host does: no graceful shutdown.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Maps everything on this server to the front door: function routes are proxied to the handler, all else is 404.</summary>
    public void MapFrontDoor(IEndpointRouteBuilder endpoints) => endpoints.Map("{**path}", context =>
    {
        if (_frontDoor is { } door)
            return door.ServeAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    /// <summary>The state at this moment.</summary>
    public FunctionsHostStatus Status()
    {
        var next = _timers.ToDictionary(static t => t.Name, static t => t.NextRun);
        return new FunctionsHostStatus(
            [.. _groups.Values.Select(static g => g.Status)],
            [.. _counters.Values.Select(c => c.Read(next.GetValueOrDefault(c.Function.Name)))]);
    }

    /// <summary>Begins all functions' counts at 0 again.</summary>
    public void ResetCounters()
    {
        foreach (var counter in _counters.Values)
            counter.Reset();
    }

    /// <summary>Runs a timer function once, now; null when it succeeded, else why it failed.</summary>
    /// <exception cref="KeyNotFoundException">No timer function has this name.</exception>
    public async Task<string?> FireTimerAsync(string name, CancellationToken cancellationToken)
    {
        var timer = _timers.Find(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new KeyNotFoundException($"There is no timer function '{name}'; there are {string.Join(", ", _timers.Select(static t => t.Name))}.");
        try
        {
            return await timer.FireAsync(cancellationToken);
        }
        catch (HandlerGoneException e)
        {
            return e.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var timer in _timers)
            timer.Dispose();
        foreach (var group in _groups.Values)
            group.Dispose();
        _proxy.Dispose();
        _client.Dispose();
        _stop.Dispose();
    }

    private static string GroupOf(FunctionDefinition function, FunctionsHostOptions options) =>
        !options.PerFunctionGroup ? "all" : function.Trigger is HttpTrigger ? "http" : function.Name;
}
