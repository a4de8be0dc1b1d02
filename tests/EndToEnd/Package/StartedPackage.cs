using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.EndToEnd.Package;

/// <summary>The package as the Functions host starts it: as another user than the one who owns the files, with these settings and what the host adds, nothing else.</summary>
internal sealed class StartedPackage : IAsyncDisposable
{
    /// <summary>nobody: owns nothing on this machine.</summary>
    public const string AnotherUser = "65534";

    /// <summary>The host waits for 30 s by default; this machine may be busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] AsRoot = Environment.IsPrivilegedProcess ? [] : ["sudo", "-n"];

    private readonly Process process;
    private readonly StackOutput output = new();

    public StartedPackage(string folder, IEnumerable<KeyValuePair<string, string>> settings)
    {
        using (var port = new TcpListener(IPAddress.Loopback, 0))
        {
            port.Start();
            Http = new() { BaseAddress = new($"http://{port.LocalEndpoint}/"), Timeout = TimeSpan.FromSeconds(30) };
        }

        string[] ofTheHost =
        [
            $"FUNCTIONS_CUSTOMHANDLER_PORT={Http.BaseAddress.Port.ToString(CultureInfo.InvariantCulture)}", "FUNCTIONS_CUSTOMHANDLER_WORKER_ID=package-test",
            $"FUNCTIONS_APP_ROOT_PATH={folder}",
        ];
        string[] command =
        [
            .. AsRoot, "env", "-i", .. ofTheHost, .. settings.Select(setting => $"{setting.Key}={setting.Value}"),
            "setpriv", $"--reuid={AnotherUser}", $"--regid={AnotherUser}", "--clear-groups", "--no-new-privs", "--inh-caps=-all", Path.Combine(folder, "CanteenPay.Functions"),
        ];
        process = new() { StartInfo = new(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        process.OutputDataReceived += (_, line) => output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => output.Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Http { get; }

    /// <summary>What it has said so far.</summary>
    public string Output => output.All;

    /// <summary>How it ended.</summary>
    public async Task<int> EndedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Until it answers the host's question, whatever it answers.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(
        async () =>
        {
            process.HasExited.ShouldBeFalse(Output);
            try
            {
                using var answer = await Http.GetAsync(new Uri("/", UriKind.Relative));
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        Patience,
        () => $"an answer to the host's question\n{Output}");

    /// <summary>The user whose process it is, as the kernel says.</summary>
    public string User() => File.ReadLines($"/proc/{AppId()}/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!process.HasExited)
        {
            string[] kill = [.. AsRoot, "kill", "-KILL", AppId()];
            using var killing = Process.Start(kill[0], kill[1..]);
            await killing.WaitForExitAsync();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>setpriv becomes the app; sudo stays, and is its parent.</summary>
    private string AppId()
    {
        var id = process.Id.ToString(CultureInfo.InvariantCulture);
        return AsRoot.Length == 0 ? id : File.ReadAllText($"/proc/{id}/task/{id}/children").Trim();
    }
}
