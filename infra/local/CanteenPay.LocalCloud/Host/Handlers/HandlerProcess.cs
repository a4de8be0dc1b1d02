using System.ComponentModel;
using System.Diagnostics;

namespace CanteenPay.LocalCloud.Host.Handlers;

/// <summary>Handlers as processes.</summary>
internal sealed class HandlerProcessStarter(ILoggerFactory loggers) : IHandlerStarter
{
    public IHandler Start(HandlerStart start)
    {
        var info = new ProcessStartInfo(start.Executable, start.Arguments)
        {
            WorkingDirectory = start.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Our own server's addresses and environment name must not reach the handler: in Azure it has only its app settings.
        foreach (var name in info.Environment.Keys.Where(static n => n.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        try
        {
            return new HandlerProcess(process, loggers.CreateLogger("Handler." + start.Group));
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new FunctionsHostException(
                $"The handler '{start.Executable}' cannot be started: {e.Message}. It is host.json's defaultExecutablePath; publish the app and keep the exec bit.", e);
        }
    }
}

internal sealed class HandlerProcess : IHandler
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HandlerProcess(Process process, ILogger log)
    {
        _process = process;
        process.Exited += (_, _) => _exited.TrySetResult(process.ExitCode);
        process.OutputDataReceived += (_, e) => Write(log, LogLevel.Information, e.Data);
        process.ErrorDataReceived += (_, e) => Write(log, LogLevel.Error, e.Data);
        process.Start();
        ProcessId = process.Id;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int? ProcessId { get; }

    public Task<int> Exited => _exited.Task;

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime, which is what was wanted.
        }
    }

    public void Dispose()
    {
        if (!_exited.Task.IsCompleted)
            Kill();
        _process.Dispose();
    }

    private static void Write(ILogger log, LogLevel level, string? line)
    {
        if (!string.IsNullOrEmpty(line))
            log.Log(level, "{Line}", line);
    }
}
