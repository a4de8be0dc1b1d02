using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.Benchmarks;

/// <summary>How long a second process like a running one takes from its start to its first answer.</summary>
internal static class StartTimes
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Milliseconds; the process is ended afterwards.</summary>
    /// <param name="http">The client that asks.</param>
    /// <param name="like">The process to copy: its program, its folder and its environment.</param>
    /// <param name="changes">What differs in the environment; {port} is a free port.</param>
    /// <param name="path">What is asked for.</param>
    public static async Task<double> OfAsync(HttpClient http, int like, IReadOnlyDictionary<string, string> changes, string path)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(new FileInfo($"/proc/{like}/exe").ResolveLinkTarget(returnFinalTarget: true)!.FullName)
        {
            WorkingDirectory = new DirectoryInfo($"/proc/{like}/cwd").ResolveLinkTarget(returnFinalTarget: true)!.FullName,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var pair in (await File.ReadAllTextAsync($"/proc/{like}/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries))
            start.Environment[pair[..pair.IndexOf('=', StringComparison.Ordinal)]] = pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..];
        foreach (var (name, value) in changes)
            start.Environment[name] = value.Replace("{port}", $"{port}", StringComparison.Ordinal);

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            while (!await AnswersAsync(http, new Uri($"http://127.0.0.1:{port}{path}")))
            {
                if (Stopwatch.GetElapsedTime(started) > Limit)
                    throw new TimeoutException($"{start.FileName} did not answer within {Limit.TotalSeconds} s.");
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }

            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address)
    {
        try
        {
            using var response = await http.GetAsync(address);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
