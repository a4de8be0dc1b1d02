using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CanteenPay.LocalCloud.Processes;

/// <summary>One operating system process, started or adopted.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int MaxLogBytes = 10 * 1024 * 1024;
    private static readonly TimeSpan ExitPoll = TimeSpan.FromMilliseconds(20);
    private readonly Process _process;
    private readonly bool _adopted;

    private ChildProcess(Process process, ProcessRecord record, bool adopted)
    {
        _process = process;
        _adopted = adopted;
        Record = record;
    }

    internal ProcessRecord Record { get; }

    /// <summary>
    /// Starts a program in a session of its own (Ctrl-C at the terminal reaches LocalCloud alone, which then ends all in order)
    /// with its output in a file (a pipe would break, and the program with it, when LocalCloud is killed).
    /// </summary>
    /// <exception cref="LocalCloudException">The executable is missing.</exception>
    internal static ChildProcess Start(ProgramSpec spec, string logFile)
    {
        if (!File.Exists(spec.FileName))
        {
            throw new LocalCloudException($"{spec.Name} cannot be started: {spec.FileName} does not exist.");
        }

        if (File.Exists(logFile) && new FileInfo(logFile).Length > MaxLogBytes)
        {
            File.Move(logFile, $"{logFile}.1", overwrite: true);
        }

        var start = new ProcessStartInfo("/usr/bin/setsid", ["/bin/sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, spec.FileName, .. spec.Arguments])
        {
            WorkingDirectory = spec.WorkingFolder ?? "",
        };
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new LocalCloudException($"{spec.Name} cannot be started.");
        // setsid and sh replace themselves by the program: the id stays.
        var ticks = ProcessRecord.ReadStartTicks(process.Id) ?? 0;
        return new(process, new(process.Id, ticks, spec.Port, spec.Fingerprint, spec.SecondPort), adopted: false);
    }

    /// <summary>Null when the process ended meanwhile.</summary>
    internal static ChildProcess? Adopt(ProcessRecord record)
    {
        try
        {
            return new(Process.GetProcessById(record.Pid), record, adopted: true);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    internal bool HasExited => !Record.IsAlive;

    /// <summary>The exit code, null for an adopted process.</summary>
    internal async Task<int?> WaitForExitAsync(CancellationToken cancellationToken)
    {
        if (_adopted)
        {
            await PollForExitAsync(cancellationToken);
            return null;
        }

        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and SIGKILL when that did not help in time.</summary>
    internal async Task StopAsync(TimeSpan patience)
    {
        Signal(Signals.Terminate);
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await PollForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Signal(Signals.Kill);
            await PollForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Another's child that ended may wait long for its parent to notice; for us it has ended.</summary>
    private async Task PollForExitAsync(CancellationToken cancellationToken)
    {
        while (Record.IsAlive)
        {
            await Task.Delay(ExitPoll, cancellationToken);
        }
    }

    internal void Signal(Signals signal)
    {
        if (Record.IsAlive)
        {
            _ = Kill(Record.Pid, (int)signal);
        }
    }

    public void Dispose() => _process.Dispose();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}

/// <summary>Signals of Linux.</summary>
internal enum Signals
{
    Hangup = 1,
    Kill = 9,
    Terminate = 15,
}
