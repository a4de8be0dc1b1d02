using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CanteenPay.EndToEnd;

/// <summary>
/// A bank that LocalCloud does not run: a real one outlives our cloud, and this one keeps its orders in memory. With it goes a configuration that points at it.
/// </summary>
public sealed class OutsideBank : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("canteenpay-bank-").FullName;
    private readonly Process _process;
    private StackConfig? _config;

    private OutsideBank() => _process = new Process
    {
        StartInfo = new ProcessStartInfo(
            Repository.BankSimulator, ["--urls", "http://127.0.0.1:0", "--ready-file", ReadyFile])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        },
    };

    public Uri Address { get; private set; } = null!;

    /// <summary>For LocalCloud's <c>--config</c>: everything but the bank and card money.</summary>
    public string ConfigFile => _config!.File;

    private string ReadyFile => Path.Combine(_folder, "ready.json");

    public static async Task<OutsideBank> StartAsync()
    {
        var bank = new OutsideBank();
        try
        {
            await bank.StartProcessAsync();
            bank._config = bank.Config();
            return bank;
        }
        catch
        {
            await bank.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Address is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _config?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartProcessAsync()
    {
        _process.OutputDataReceived += (_, _) => { };
        _process.Start();
        _process.BeginOutputReadLine();
        await Eventually.TrueAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"The bank ended with {_process.ExitCode}.") : File.Exists(ReadyFile),
            StartLimit,
            () => "The bank was not ready.");
        Address = new(JsonNode.Parse(await File.ReadAllTextAsync(ReadyFile))!["url"]!.GetValue<string>());
    }

    private StackConfig Config() => StackConfig.With(config =>
    {
        StackConfig.RemoveCards(config);
        var programs = config["programs"]!.AsArray();
        programs.Remove(programs.Single(program => program!["name"]!.GetValue<string>() == "bank"));
        var settings = config["appSettings"]!.AsObject();
        foreach (var (name, value) in settings.ToList())
            settings[name] = Here(value!);
        foreach (var step in config["requests"]!.AsArray().Where(step => step!["to"] is not null))
            step!["to"] = Here(step["to"]!);
    });

    private string Here(JsonNode text) => text.GetValue<string>().Replace("{bank}", Address.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
}
