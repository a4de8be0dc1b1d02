using System.Diagnostics;
using System.Globalization;
using CanteenPay.DeviceAgent.Tests.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CanteenPay.DeviceAgent.Tests.Package;

/// <summary>A machine below a temporary folder: the real scripts, a systemctl that notes what it is told, and agents that are as healthy as their release says.</summary>
internal sealed class FakeMachine : IAsyncDisposable
{
    public const string Money = "what diners paid";

    private readonly TestFolder files = new();
    private readonly WebApplication agents;
    private string url = "";

    private FakeMachine()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        agents = builder.Build();
        agents.MapGet("/live/health", (HttpContext context) => AnswerAsync(context, Serving, isTrial: false));
        agents.MapGet("/trial/{version}/health", (HttpContext context) => AnswerAsync(context, (string)context.Request.RouteValues["version"]!, isTrial: true));
    }

    /// <summary>The version whose process runs; null when the service is stopped.</summary>
    public string? Serving => File.Exists(At("run/serving")) ? File.ReadAllText(At("run/serving")).Trim() : null;

    /// <summary>What systemctl was told, in order.</summary>
    public IReadOnlyList<string> Told => File.Exists(At("run/told")) ? File.ReadAllLines(At("run/told")) : [];

    public IEnumerable<string> Releases => Directory.GetDirectories(At("opt/canteenpay/agent/releases")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    public static async Task<FakeMachine> StartAsync()
    {
        var machine = new FakeMachine();
        await machine.agents.StartAsync();
        machine.url = machine.agents.Urls.First();
        foreach (var folder in new[] { "bin", "run", "etc", "packages", "var/lib/canteenpay" })
            Directory.CreateDirectory(machine.At(folder));
        await File.WriteAllTextAsync(machine.At("var/lib/canteenpay/agent.db"), Money);
        await machine.WriteSystemctlAsync();
        await File.WriteAllTextAsync(machine.At("bin/killer"), """
            # Read by bash before a script: counts the script's commands, and ends it, as a power cut would, before the one that a test has chosen.
            set -T
            commands=0
            trap 'if [ "$BASHPID" = "$$" ]; then commands=$((commands + 1)); if [ "$commands" = "$KILL_BEFORE" ]; then kill -KILL "$$"; fi; fi' DEBUG
            trap 'echo "$commands" >"$COMMANDS"' EXIT
            """);
        return machine;
    }

    /// <summary>A machine on which version 1.0.0 was installed and is healthy.</summary>
    public static async Task<FakeMachine> InstalledAsync()
    {
        var machine = await StartAsync();
        var package = await FakeRelease.UnpackedAsync(machine.At("packages"), "1.0.0", Fate.Well, database: 5, machine.url);
        (await machine.RunAsync(Path.Combine(package, "install.sh"))).Code.ShouldBe(0);
        (await machine.RunAsync(Path.Combine(package, "install.sh"))).Code.ShouldBe(0);
        machine.Serving.ShouldBe("1.0.0");
        File.Delete(machine.At("run/told"));
        return machine;
    }

    public string At(string path) => files.File(path);

    /// <summary>The release that a link names; null where there is none.</summary>
    public string? Link(string name) => new FileInfo(At($"opt/canteenpay/agent/{name}")).LinkTarget is { } target ? Path.GetFileName(target) : null;

    public Task<string> UnpackedAsync(string version, Fate fate = Fate.Well, int database = 5) =>
        FakeRelease.UnpackedAsync(At("packages"), version, fate, database, url);

    /// <summary>A package with its digest beside it.</summary>
    public async Task<string> PackedAsync(string version, Fate fate = Fate.Well, int database = 5)
    {
        var folder = await UnpackedAsync(version, fate, database);
        (await RunAsync("/bin/sh", "-c", $"cd '{At("packages")}' && tar -czf '{folder}.tar.gz' '{Path.GetFileName(folder)}' && sha256sum '{folder}.tar.gz' >'{folder}.tar.gz.sha256'")).Code.ShouldBe(0);
        return folder + ".tar.gz";
    }

    public Task<Ended> UpdateAsync(params string[] arguments) => RunAsync(At("opt/canteenpay/agent/proven/update.sh"), arguments);

    /// <summary>An update that is killed before one of its commands; how many it ran when it got to its end first.</summary>
    public async Task<int?> UpdateKilledBeforeAsync(int command, string package)
    {
        File.Delete(At("run/commands"));
        await RunAsync(
            At("opt/canteenpay/agent/proven/update.sh"), [package],
            ("BASH_ENV", At("bin/killer")), ("KILL_BEFORE", command.ToString(CultureInfo.InvariantCulture)), ("COMMANDS", At("run/commands")));
        return File.Exists(At("run/commands")) ? int.Parse(await File.ReadAllTextAsync(At("run/commands")), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The power goes and comes back: whatever ran is gone, and the service is started from what the disk says.</summary>
    public async Task CutPowerAsync()
    {
        File.Delete(At("run/serving"));
        await RunAsync(At("bin/systemctl"), "start", "--no-block", "canteenpay-agent.service");
    }

    public async ValueTask DisposeAsync()
    {
        await agents.DisposeAsync();
        files.Dispose();
    }

    public Task<Ended> RunAsync(string program, params string[] arguments) => RunAsync(program, arguments, []);

    private async Task<Ended> RunAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        using var process = new Process { StartInfo = new(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        var environment = process.StartInfo.Environment;
        environment["PATH"] = $"{At("bin")}:{environment["PATH"]}";
        environment["CANTEENPAY_ROOT"] = files.Path;
        environment["CANTEENPAY_WAIT"] = "1";
        environment["CANTEENPAY_STEADY"] = "0";
        foreach (var (name, value) in variables)
            environment[name] = value;
        process.Start();
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, await said + await complained);
    }

    private Task WriteSystemctlAsync()
    {
        var systemctl = At("bin/systemctl");
        // Starting what runs does nothing; what is started runs the release that stands there at that moment.
        File.WriteAllText(systemctl, $$"""
            #!/bin/sh
            echo "$*" >>'{{At("run/told")}}'
            case "$1" in
              start | restart)
                if [ "$1" = start ] && [ -e '{{At("run/serving")}}' ]; then exit 0; fi
                basename "$(readlink '{{At("opt/canteenpay/agent/current")}}')" >'{{At("run/serving.new")}}'
                mv '{{At("run/serving.new")}}' '{{At("run/serving")}}'
                echo '{"url":"{{url}}/live"}' >'{{At("var/lib/canteenpay/screen.json")}}'
                ;;
              stop) rm -f '{{At("run/serving")}}' ;;
            esac
            """);
        File.SetUnixFileMode(systemctl, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }

    private Task AnswerAsync(HttpContext context, string? version, bool isTrial)
    {
        var fate = At($"opt/canteenpay/agent/releases/{version}/libe_sqlite3.so");
        if (version is null || !File.Exists(fate) || (!isTrial && File.ReadAllText(fate) == nameof(Fate.IllForReal)))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"version":"{{version}}\u002Babc","till":true,"online":{{(File.Exists(At("run/offline-" + version)) ? "false" : "true")}}}""");
    }
}

/// <summary>How a script ended.</summary>
internal sealed record Ended(int Code, string Said);
