using System.Diagnostics;
using System.Text.Json;
using CanteenPay.LocalCloud.Processes;

namespace CanteenPay.LocalCloud.Tests.Composition;

/// <summary>LocalCloud as it is run for real: a process, on a folder of <see cref="TestCloud.WriteFolder"/>.</summary>
internal sealed class LocalCloudProcess : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Process _process;
    private readonly Task<string> _errors;

    internal LocalCloudProcess(string folder, params string[] more)
    {
        _folder = folder;
        var program = Path.Combine(AppContext.BaseDirectory, "CanteenPay.LocalCloud.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet",
        [
            program, "--app", Path.Combine(folder, "app"), "--state", Path.Combine(folder, "state"), "--config", Path.Combine(folder, "cloud.json"), "--root", folder,
            "--ephemeral", "--app-setting", $"RECEIVED={Path.Combine(folder, "received")}", .. more,
        ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    internal string StateFolder => Path.Combine(_folder, "state");

    internal async Task WaitUntilReadyAsync() => await Eventually.Async(
        async () => File.Exists(Path.Combine(StateFolder, "endpoints.json"))
            || (_process.HasExited ? throw new InvalidOperationException($"LocalCloud ended with {_process.ExitCode}: {await _errors}") : false),
        "LocalCloud is ready");

    internal string Endpoint(string name)
    {
        using var endpoints = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(StateFolder, "endpoints.json")));
        return endpoints.RootElement.GetProperty(name).ToString();
    }

    internal int? PidOf(string part) => ProcessRecord.ReadLiving(StateFolder, part)?.Pid;

    /// <summary>SIGKILL to LocalCloud alone, and the end of its endpoints file, which only the next one may write.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        File.Delete(Path.Combine(StateFolder, "endpoints.json"));
    }

    /// <summary>SIGTERM; Ctrl-C is handled alike.</summary>
    internal async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", $"{_process.Id}"]);
        return await WaitForExitAsync();
    }

    internal async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        return _process.ExitCode;
    }

    internal Task<string> ErrorsAsync() => _errors;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await TerminateAsync();
        }

        _process.Dispose();
    }
}
