using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.Benchmarks.Processes;

/// <summary>A program under measurement: how long it took to its first answer, what memory it holds, what processor time it took.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenAsking = TimeSpan.FromMilliseconds(2);

    private readonly Process _process;
    private readonly Task _output;

    private MeasuredProcess(Process process, Uri address, TimeSpan toFirstAnswer)
    {
        (_process, Address, ToFirstAnswer) = (process, address, toFirstAnswer);
        // Read, as whoever runs it would, so that it never waits for a full pipe.
        _output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
    }

    public Uri Address { get; }

    public TimeSpan ToFirstAnswer { get; }

    /// <summary>Processor time so far, of all its threads.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Proportional set size: shared pages are divided among their users.</summary>
    public double PssMegabytes => Memory.PssMegabytes(_process.Id);

    /// <summary>Starts a program and asks it until it answers with success.</summary>
    /// <param name="http">The client that asks.</param>
    /// <param name="program">Its executable.</param>
    /// <param name="environment">Settings; {port} is a free port.</param>
    /// <param name="path">What is asked for on that port.</param>
    /// <exception cref="TimeoutException">It did not answer.</exception>
    public static async Task<MeasuredProcess> StartAsync(HttpClient http, string program, IReadOnlyDictionary<string, string> environment, string path)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var started = Stopwatch.GetTimestamp();
        var process = Start(program, environment, address.Port);
        try
        {
            while (!await AnswersAsync(http, new Uri(address, path)))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
                    throw new TimeoutException($"{program} did not answer within {Limit.TotalSeconds} s, or ended.");
                await Task.Delay(BetweenAsking);
            }

            return new(process, address, Stopwatch.GetElapsedTime(started));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Starts a program that has no address; its first answer is the first byte that it writes.</summary>
    /// <exception cref="TimeoutException">It wrote nothing.</exception>
    public static async Task<MeasuredProcess> StartAsync(string program)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Start(program, new Dictionary<string, string>(), port: 0);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            if (await process.StandardOutput.BaseStream.ReadAsync(new byte[1], limit.Token) != 1)
                throw new TimeoutException($"{program} ended without a word.");
            return new(process, new Uri("about:blank"), Stopwatch.GetElapsedTime(started));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
    }

    private static Process Start(string program, IReadOnlyDictionary<string, string> environment, int port)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value.Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return Process.Start(start)!;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address)
    {
        try
        {
            using var response = await http.GetAsync(address);
            return response.IsSuccessStatusCode;
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
