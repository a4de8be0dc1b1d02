using System.Diagnostics;
using System.Text.Json;

namespace CanteenPay.Lunch.Stack;

/// <summary>LocalCloud with the lunch's machines, as a process of its own, on free ports and in a state folder of its own.</summary>
internal sealed class LunchStack : IAsyncDisposable
{
    private const string LocalCloud = "infra/local/CanteenPay.LocalCloud/bin/Release/net10.0/CanteenPay.LocalCloud";
    private const string FunctionApp = "artifacts/functions";
    private const string Cloud = "infra/local/cloud.json";
    private const string Modules = "node_modules";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _gate = new();

    private LunchStack(string root, string stateFolder, string config)
    {
        StateFolder = stateFolder;
        _log = new StreamWriter(Path.Combine(stateFolder, "localcloud.log"));
        var start = new ProcessStartInfo(Path.Combine(root, LocalCloud))
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "--app", FunctionApp, "--config", config, "--state", Path.Combine(stateFolder, "state"), "--ephemeral", "--parent-pid", $"{Environment.ProcessId}",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Everything that this lunch leaves behind, all logs included.</summary>
    public string StateFolder { get; }

    /// <summary>The folder is kept at the end; so it is when the lunch did not get that far.</summary>
    public bool KeepFolder { get; set; } = true;

    /// <summary>Where everything is.</summary>
    public Endpoints Endpoints { get; private set; } = null!;

    /// <summary>Who takes part, with the ids that the cloud has drawn.</summary>
    public CanteenLayout Layout { get; private set; } = null!;

    /// <summary>Starts the stack and waits until all of it serves.</summary>
    /// <param name="root">The checkout; the programs are built and the function app is published there.</param>
    /// <param name="layout">Who takes part.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="LunchException">Something is not built, or does not start.</exception>
    public static async Task<LunchStack> StartAsync(string root, CanteenLayout layout, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var path in (string[])[LocalCloud, FunctionApp, Cloud, Path.Combine("infra/local", Modules)])
        {
            if (!Path.Exists(Path.Combine(root, path)))
                throw new LunchException($"{path} is missing: start the lunch with infra/local/run.sh --lunch, which builds it, from the checkout.");
        }

        var folder = Directory.CreateTempSubdirectory("canteenpay-lunch-").FullName;
        // LocalCloud looks for Azurite beside its configuration.
        Directory.CreateSymbolicLink(Path.Combine(folder, Modules), Path.Combine(root, "infra/local", Modules));
        var config = Path.Combine(folder, "cloud.json");
        await File.WriteAllTextAsync(config, LunchConfig.Of(await File.ReadAllTextAsync(Path.Combine(root, Cloud), cancellationToken), layout), cancellationToken);
        var stack = new LunchStack(root, folder, config);
        try
        {
            await stack.StartAsync(layout, time, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>An orderly end: what it started ends with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        lock (_gate)
            _log.Dispose();
        if (!KeepFolder)
            Directory.Delete(StateFolder, recursive: true);
    }

    private async Task StartAsync(CanteenLayout layout, TimeProvider time, CancellationToken cancellationToken)
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var file = Path.Combine(StateFolder, "state", "endpoints.json");
        var started = time.GetTimestamp();
        while (!File.Exists(file))
        {
            if (_process.HasExited || time.GetElapsedTime(started) > StartLimit)
                throw new LunchException($"The local stack did not start. Its words: {Path.Combine(StateFolder, "localcloud.log")}");
            await Task.Delay(Look, time, cancellationToken);
        }

        Endpoints = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file, cancellationToken), LunchJson.Default.Endpoints)
            ?? throw new LunchException($"{file} is empty.");
        var walked = Path.Combine(StateFolder, "state", "walk.json");
        Layout = layout.Drawn((JsonSerializer.Deserialize(await File.ReadAllBytesAsync(walked, cancellationToken), LunchJson.Default.Walked)
            ?? throw new LunchException($"{walked} is empty.")).Kept);
    }

    private void Keep(string? line)
    {
        lock (_gate)
        {
            if (line is null || _log.BaseStream is null)
                return;
            _log.WriteLine(line);
            _log.Flush();
        }
    }
}

/// <summary>Where everything is, as LocalCloud wrote it down.</summary>
internal sealed record Endpoints(Uri Status, Uri Functions, string Login, string TenantId, string ClientId, IReadOnlyDictionary<string, Uri> Programs)
{
    /// <summary>The bank.</summary>
    public Uri Bank => Programs["bank"];

    /// <summary>Where people sign in.</summary>
    public string Directory => $"{Login}/{TenantId}";
}

/// <summary>What LocalCloud's walk kept, by name.</summary>
internal sealed record Walked(IReadOnlyDictionary<string, string> Kept);
