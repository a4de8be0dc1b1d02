namespace CanteenPay.LocalCloud.Processes;

/// <summary>Starts or adopts one program, starts it again when it dies, ends it.</summary>
internal sealed class SupervisedProgram(ProgramSpec spec, string stateFolder, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int MostRestartsInARow = 10;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadinessInterval = TimeSpan.FromMilliseconds(25);
    private readonly CancellationTokenSource _ending = new();
    private ChildProcess? _process;
    private Task _watching = Task.CompletedTask;
    private volatile PartStatus _status = new(spec.Name, PartState.NotStarted, null, spec.Address, 0, null);

    internal PartStatus Status => _status;

    internal string LogFile => Path.Combine(stateFolder, "logs", $"{spec.Name}.log");

    /// <summary>Adopts the program or starts it, and waits until it serves.</summary>
    /// <exception cref="LocalCloudException">It does not; the message has its last lines.</exception>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(stateFolder, "logs"));
        if (!await TryAdoptAsync(cancellationToken))
        {
            await StartProcessAsync(cancellationToken);
        }

        _watching = WatchAsync();
    }

    /// <summary>Ends what a LocalCloud that was killed left running under this name.</summary>
    internal static async Task EndLeftBehindAsync(string stateFolder, string name)
    {
        if (ProcessRecord.ReadLiving(stateFolder, name) is { } record && ChildProcess.Adopt(record) is { } left)
        {
            await left.StopAsync(EndPatience);
            left.Dispose();
        }
    }

    /// <summary>Tells the running program something, if there is one.</summary>
    internal void Signal(Signals signal) => _process?.Signal(signal);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        if (_process is { } process)
        {
            await process.StopAsync(EndPatience);
            process.Dispose();
            ProcessRecord.Forget(stateFolder, spec.Name);
        }

        _status = _status with { State = PartState.Stopped, Pid = null };
        _ending.Dispose();
    }

    private async Task<bool> TryAdoptAsync(CancellationToken cancellationToken)
    {
        if (ProcessRecord.ReadLiving(stateFolder, spec.Name) is not { } record || ChildProcess.Adopt(record) is not { } left)
        {
            return false;
        }

        if (spec.Adoptable && record.Port == spec.Port && record.SecondPort == spec.SecondPort && string.Equals(record.Fingerprint, spec.Fingerprint, StringComparison.Ordinal)
            && await spec.IsReady(cancellationToken))
        {
            _process = left;
            _status = _status with { State = PartState.Ready, Pid = record.Pid };
            logger.LogInformation("Adopted {Program}, process {Pid}", spec.Name, record.Pid);
            return true;
        }

        left.Dispose();
        logger.LogInformation("Ending {Program}, process {Pid}, which an earlier run left behind", spec.Name, record.Pid);
        await EndLeftBehindAsync(stateFolder, spec.Name);
        return false;
    }

    private async Task StartProcessAsync(CancellationToken cancellationToken)
    {
        spec.BeforeStart?.Invoke();
        var logStart = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
        _process = ChildProcess.Start(spec, LogFile);
        _process.Record.Write(stateFolder, spec.Name);
        _status = _status with { State = PartState.Starting, Pid = _process.Record.Pid, Starts = _status.Starts + 1 };

        var started = time.GetTimestamp();
        while (!await spec.IsReady(cancellationToken))
        {
            if (_process.HasExited)
            {
                var code = await _process.WaitForExitAsync(cancellationToken);
                throw new LocalCloudException($"{spec.Name} ended with {code} before it served {spec.Address}. {LastLines(logStart)}");
            }

            if (time.GetElapsedTime(started) > spec.StartTimeout)
            {
                throw new LocalCloudException($"{spec.Name} does not serve {spec.Address} after {spec.StartTimeout}. {LastLines(logStart)}");
            }

            await Task.Delay(ReadinessInterval, time, cancellationToken);
        }

        _status = _status with { State = PartState.Ready };
    }

    /// <summary>Starts the program again whenever it dies, after a wait that grows while it keeps dying.</summary>
    private async Task WatchAsync()
    {
        var (wait, inARow) = (FirstWait, 0);
        try
        {
            while (inARow < MostRestartsInARow)
            {
                var since = time.GetTimestamp();
                var code = await _process!.WaitForExitAsync(_ending.Token);
                if (time.GetElapsedTime(since) > StableAfter)
                {
                    (wait, inARow) = (FirstWait, 0);
                }

                inARow++;
                Note($"ended with {code?.ToString() ?? "an unknown code"}", PartState.Restarting);
                await Task.Delay(wait, time, _ending.Token);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                await RestartAsync();
            }

            Note($"given up after {MostRestartsInARow} restarts in a row", PartState.Failed);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end was asked for.
        }
    }

    private async Task RestartAsync()
    {
        try
        {
            _process!.Dispose();
            await StartProcessAsync(_ending.Token);
        }
        catch (LocalCloudException exception)
        {
            Note(exception.Message, PartState.Restarting);
            // One that started and never served must not stand in the way of its successor.
            await _process!.StopAsync(EndPatience);
        }
    }

    private void Note(string error, PartState state)
    {
        logger.LogError("{Program} {Error}", spec.Name, error);
        _status = _status with { State = state, Pid = null, LastError = error };
    }

    private string LastLines(long from)
    {
        const int most = 2000;
        using var log = File.Open(LogFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(Math.Min(log.Length, Math.Max(from, log.Length - most)), SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        var text = reader.ReadToEnd().Trim();
        return text.Length == 0 ? $"It said nothing ({LogFile})." : $"Its last lines ({LogFile}):{Environment.NewLine}{text}";
    }
}

/// <summary>A part as the status page shows it. <c>Starts</c> is 0 for one that was adopted.</summary>
internal sealed record PartStatus(string Name, PartState State, int? Pid, string Address, int Starts, string? LastError);

/// <summary>What a part is doing.</summary>
internal enum PartState
{
    NotStarted,
    Starting,
    Ready,
    Restarting,

    /// <summary>Died too often; LocalCloud no longer tries.</summary>
    Failed,
    Stopped,
}
