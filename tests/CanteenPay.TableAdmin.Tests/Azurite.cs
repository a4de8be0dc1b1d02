using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.TableAdmin.Tests;

/// <summary>Real tables and blobs: one Azurite process on free ports with two accounts, nothing on disk.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private readonly int _blobs = FreePort(), _tables = FreePort();
    private Process? _process;

    /// <summary>The connection string of an account: <c>one</c> or <c>two</c>.</summary>
    public string Account(string name) =>
        $"DefaultEndpointsProtocol=http;AccountName={name};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{_blobs}/{name};TableEndpoint=http://127.0.0.1:{_tables}/{name}";

    public async Task InitializeAsync()
    {
        var program = Path.Combine(Root(), "infra", "local", "node_modules", ".bin", "azurite");
        if (!File.Exists(program))
            throw new InvalidOperationException($"Azurite is missing ({program}): run infra/local/setup.sh.");
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--blobPort", $"{_blobs}", "--tablePort", $"{_tables}", "--queuePort", $"{FreePort()}", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"])
            start.ArgumentList.Add(argument);
        start.Environment["AZURITE_ACCOUNTS"] = $"one:{Key};two:{Key}";
        _process = Process.Start(start)!;
        await ListensAsync(_blobs);
        await ListensAsync(_tables);
    }

    public async Task DisposeAsync()
    {
        if (_process is null)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CanteenPay.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("These tests run inside the repository.");
        return folder;
    }

    private async Task ListensAsync(int port)
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException) when (!_process!.HasExited)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
