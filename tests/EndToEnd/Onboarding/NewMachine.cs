using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.EndToEnd.Onboarding;

/// <summary>A machine that the product has just drawn, and let in at the broker: it makes its key, gets its certificate for a code, and is switched on.</summary>
internal sealed class NewMachine : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("canteenpay-machine-").FullName;
    private readonly Process _process;
    private bool _isOn;

    private NewMachine(LocalStack stack, string device, string merchant)
    {
        Screen = new($"http://127.0.0.1:{FreePort()}");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Repository.BuiltAgent) { WorkingDirectory = _folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var identity = Path.Combine(_folder, "machine.pem");
        Dictionary<string, string> settings = new()
        {
            ["Agent__DeviceId"] = device,
            ["Agent__MerchantId"] = merchant,
            ["Agent__StateFolder"] = Path.Combine(_folder, "state"),
            ["Agent__Broker__Host"] = "127.0.0.1",
            ["Agent__Broker__Port"] = $"{stack.MqttPort}",
            ["Agent__Broker__CaFile"] = Path.Combine(stack.Certificates, "ca.pem"),
            ["Agent__Broker__CertificateFile"] = identity,
            ["Agent__Broker__KeyFile"] = identity,
            ["Agent__Screen__Url"] = Screen.AbsoluteUri.TrimEnd('/'),
            ["Agent__Voice__Output"] = "page",
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name] = value;
    }

    /// <summary>Its page.</summary>
    public Uri Screen { get; }

    public static async Task<NewMachine> StartAsync(LocalStack stack, string device, string merchant, string code)
    {
        var machine = new NewMachine(stack, device, merchant);
        try
        {
            await machine.EnrolAsync(stack, code);
            machine._process.OutputDataReceived += (_, _) => { };
            machine._process.ErrorDataReceived += (_, _) => { };
            machine._isOn = machine._process.Start();
            machine._process.BeginOutputReadLine();
            machine._process.BeginErrorReadLine();
            await Eventually.TrueAsync(() => ServesAsync(stack.Http, machine), StartLimit, () => "the new machine shows nothing");
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a technician does: the code is typed, the rest is the machine's.</summary>
    private async Task EnrolAsync(LocalStack stack, string code)
    {
        var start = new ProcessStartInfo(Repository.BuiltAgent, ["--enrol", stack.Functions.AbsoluteUri])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _process.StartInfo.Environment)
            start.Environment[name] = value;
        using var enrolling = Process.Start(start)!;
        await enrolling.StandardInput.WriteLineAsync(code);
        enrolling.StandardInput.Close();
        var complaint = await enrolling.StandardError.ReadToEndAsync();
        await enrolling.WaitForExitAsync();
        enrolling.ExitCode.ShouldBe(0, complaint);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOn && !_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> ServesAsync(HttpClient http, NewMachine machine)
    {
        if (machine._process.HasExited)
            throw new InvalidOperationException($"The new machine ended with {machine._process.ExitCode}.");
        try
        {
            using var answer = await http.GetAsync(machine.Screen);
            return answer.IsSuccessStatusCode;
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
