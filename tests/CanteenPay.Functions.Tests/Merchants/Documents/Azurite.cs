using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>A real blob service: one Azurite process on a free port, nothing on disk.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private Process? _process;

    public string ConnectionString { get; private set; } = "";

    /// <summary>Everything that lies in it, as it lies there.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> BlobsAsync(string prefix)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var container = new BlobServiceClient(ConnectionString).GetBlobContainerClient("documents");
        if (!await container.ExistsAsync())
            return found;
        await foreach (var blob in container.GetBlobsAsync(prefix: prefix))
            found[blob.Name] = (await container.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content.ToArray();
        return found;
    }

    public async Task StartAsync()
    {
        var program = Path.Combine(Root(), "infra", "local", "node_modules", ".bin", "azurite-blob");
        if (!File.Exists(program))
            throw new InvalidOperationException($"Azurite is missing ({program}): run infra/local/setup.sh.");
        var port = FreePort();
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"])
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1";
        await ListensAsync(port);
    }

    public async ValueTask DisposeAsync()
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
