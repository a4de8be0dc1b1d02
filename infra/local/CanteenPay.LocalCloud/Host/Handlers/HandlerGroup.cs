using System.Globalization;
using System.Net.Sockets;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Host.Handlers;

/// <summary>
/// One handler process and its life by the real host's rules: readiness, restarts, the third error, the exit with 0.
/// Serves all functions, or on request the functions of one Flex group.
/// </summary>
internal sealed class HandlerGroup(string name, FunctionApp app, FunctionsHostOptions options, IHandlerStarter starter, TimeProvider time, ILogger log) : IDisposable
{
    private const int MaxErrors = 3;
    private const int WantedRestart = 200;

    private readonly Lock _lock = new();
    private readonly HttpMessageInvoker _ping = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private TaskCompletionSource<Uri> _serving = NewServing();
    private HandlerStatus _status = new(name, HandlerState.NotStarted, null, null, 0, 0, null);
    private IHandler? _current;
    private DateTimeOffset _lastErrorAt;
    private TaskCompletionSource _judged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasServed;

    public string Name => name;

    // An app that never served is broken, and whoever starts it wants to be told so.
    private bool IsReplaced => _hasServed && options.ReplacementTime is not null;

    private TimeSpan InitializationTimeout => options.InitializationTimeout ?? app.Host.InitializationTimeout;

    public HandlerStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Where the handler answers; waits while it starts or restarts.</summary>
    /// <exception cref="HandlerGoneException">The host gave it up, or is stopping.</exception>
    public Task<Uri> AddressAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _serving.Task.WaitAsync(cancellationToken);
    }

    /// <summary>After a call that found nobody: gives an exit that is just happening the time to be seen and judged, so that a death costs one delivery and not two.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        Task judged;
        lock (_lock)
        {
            if (_status.State != HandlerState.Ready || _current is null)
                return;
            judged = _judged.Task;
        }
        await Task.WhenAny(judged, Task.Delay(options.UnreachableGrace, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Kills the handler, as anything may at any moment, and completes when it is gone; the rules of a restart follow. Nothing when none runs.</summary>
    public async Task KillAsync()
    {
        IHandler? handler;
        lock (_lock)
            handler = _status.State is HandlerState.Starting or HandlerState.Ready ? _current : null;
        if (handler is null)
            return;
        handler.Kill();
        await handler.Exited;
    }

    /// <summary>Runs and restarts the handler until it is given up or <paramref name="stop"/> is asked for.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await RunOnceAsync(stop) || await IsStartedAgainAsync(stop))
            {
                // The next round is the restart.
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            End(HandlerState.Stopped, "The host was stopped.");
        }
    }

    public void Dispose() => _ping.Dispose();

    private async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var port = FreePort.Find();
        Update(s => s with { State = HandlerState.Starting, ProcessId = null, Port = port, Starts = s.Starts + 1 });
        IHandler handler;
        try
        {
            handler = starter.Start(StartOn(port));
        }
        catch (FunctionsHostException e)
        {
            return Error(e.Message);
        }
        using (handler)
        {
            lock (_lock)
                _current = handler;
            Update(s => s with { ProcessId = handler.ProcessId });
            log.LogInformation("Handler {Group} started: process {ProcessId} on port {Port}", name, handler.ProcessId, port);
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
            if (!await IsReadyAsync(handler, address, stop))
                return Error($"The handler did not answer within {InitializationTimeout} on port {port}; it must listen on 127.0.0.1 and FUNCTIONS_CUSTOMHANDLER_PORT.");
            if (!handler.Exited.IsCompleted)
                Serve(address);
            try
            {
                return Judge(await handler.Exited.WaitAsync(stop), address);
            }
            finally
            {
                Interlocked.Exchange(ref _judged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
        }
    }

    private bool Judge(int exitCode, Uri address)
    {
        switch (exitCode)
        {
            case WantedRestart:
                log.LogInformation("Handler {Group} exited with 200, a wanted restart", name);
                StopServing();
                return true;
            case 0:
                log.LogError("Handler {Group} exited with 0: the host never starts it again, and every invocation fails from here on", name);
                Serve(address);
                Update(s => s with { State = HandlerState.ExitedForGood, ProcessId = null, LastError = "Exited with 0, which the host never restarts." });
                return false;
            default:
                return Error($"The handler exited with {exitCode}.");
        }
    }

    private bool Error(string message)
    {
        var now = time.GetUtcNow();
        var errors = now - _lastErrorAt > options.ErrorWindow * options.TimeScale ? 1 : Status.Errors + 1;
        _lastErrorAt = now;
        Update(s => s with { Errors = errors, LastError = message, ProcessId = null });
        log.LogError("Handler {Group}, error {Errors} of {MaxErrors}: {Message}", name, errors, MaxErrors, message);
        if (errors < MaxErrors)
        {
            StopServing();
            return true;
        }
        if (IsReplaced)
        {
            log.LogCritical("Handler {Group}: the host is stopped; another takes its place after {Wait}", name, options.ReplacementTime);
            StopServing(HandlerState.HostStopped);
            return false;
        }
        End(HandlerState.HostStopped, $"The host stopped after {MaxErrors} errors of the handler, the last: {message}");
        log.LogCritical("Handler {Group}: the host is stopped; start LocalCloud again when the handler is mended", name);
        return false;
    }

    /// <summary>What ends when the host gives up is an instance; the platform puts another in its place, whose host counts errors from 0.</summary>
    private async Task<bool> IsStartedAgainAsync(CancellationToken stop)
    {
        if (!IsReplaced || Status.State != HandlerState.HostStopped)
            return false;
        await Task.Delay(options.ReplacementTime!.Value, time, stop);
        Update(static s => s with { Errors = 0 });
        return true;
    }

    private async Task<bool> IsReadyAsync(IHandler handler, Uri address, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = time.CreateTimer(static l => ((CancellationTokenSource)l!).Cancel(), limit, InitializationTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            while (!handler.Exited.IsCompleted && !await AnswersAsync(address, limit.Token))
                await Task.WhenAny(handler.Exited, Task.Delay(options.ReadinessInterval, time, limit.Token)).Unwrap();
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        try
        {
            using var response = await _ping.SendAsync(request, cancellationToken);
            return true;
        }
        catch (HttpRequestException e)
        {
            // Nobody listens yet: wait. Any other trouble shows that somebody does, which is all the host asks.
            return e.InnerException is not SocketException;
        }
    }

    private HandlerStart StartOn(int port)
    {
        var local = Path.Combine(app.Folder, app.Host.Executable);
        var environment = new Dictionary<string, string>(options.AppSettings)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString(),
            ["FUNCTIONS_APP_ROOT_PATH"] = app.Folder,
        };
        return new HandlerStart(name, File.Exists(local) ? local : app.Host.Executable, Path.Combine(app.Folder, app.Host.WorkingDirectory), app.Host.Arguments, port, environment);
    }

    private void Serve(Uri address)
    {
        lock (_lock)
        {
            _status = _status with { State = HandlerState.Ready };
            _hasServed = true;
            _serving.TrySetResult(address);
        }
    }

    private void StopServing(HandlerState state = HandlerState.Starting)
    {
        lock (_lock)
        {
            _status = _status with { State = state };
            if (_serving.Task.IsCompleted)
                _serving = NewServing();
        }
    }

    private void End(HandlerState state, string reason)
    {
        lock (_lock)
        {
            _status = _status with { State = state, ProcessId = null };
            if (_serving.Task.IsCompleted)
                _serving = NewServing();
            _serving.SetException(new HandlerGoneException(reason));
            // Nobody may be waiting, and then nobody looks at the exception.
            _ = _serving.Task.Exception;
        }
    }

    private void Update(Func<HandlerStatus, HandlerStatus> change)
    {
        lock (_lock)
            _status = change(_status);
    }

    private static TaskCompletionSource<Uri> NewServing() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
