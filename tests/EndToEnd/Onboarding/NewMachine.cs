using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.EndToEnd.Onboarding;

/// <summary>A machine that the product has just drawn, and let in at the broker: switched on.</summary>
internal sealed class NewMachine : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("canteenpay-machine-").FullName;
    private readonly Process _process;

    private NewMachine(LocalStack stack, string device, string merchant)
    {
        Screen = new($"http://127.0.0.1:{FreePort()}");
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Repository.BuiltAgent) { WorkingDirectory = _folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var certificates = Path.Combine(stack.Certificates, "devices");
        Dictionary<string, string> settings = new()
        {
            ["Agent__DeviceId"] = device,
            ["Agent__MerchantId"] = merchant,
            ["Agent__StateFolder"] = Path.Combine(_folder, "state"),
            ["Agent__Broker__Host"] = "127.0.0.1",
            ["Agent__Broker__Port"] = $"{stack.MqttPort}",
            ["Agent__Broker__CaFile"] = Path.Combine(stack.Certificates, "ca.pem"),
            ["Agent__Broker__CertificateFile"] = Path.Combine(certificates, $"{device}.pem"),
            ["Agent__Broker__KeyFile"] = Path.Combine(certificates, $"{device}.key"),
            ["Agent__Screen__Url"] = Screen.AbsoluteUri.TrimEnd('/'),
            ["Agent__Voice__Output"] = "page",
        };
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[name] = value;
    }

    /// <summary>Its page.</summary>
    public Uri Screen { get; }

    public static async Task<NewMachine> StartAsync(LocalStack stack, string device, string merchant)
    {
        var machine = new NewMachine(stack, device, merchant);
        try
        {
            machine._process.OutputDataReceived += (_, _) => { };
            machine._process.ErrorDataReceived += (_, _) => { };
            machine._process.Start();
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

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
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
