using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.Mqtt.Tests.Broker;

/// <summary>A real mosquitto with TLS and client certificates on a free port, in a folder of its own.</summary>
public sealed class TestBroker : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mqtt-tests-").FullName;
    private readonly Authority _authority;
    private readonly bool _keepsSessions;
    private Process? _process;

    public TestBroker()
        : this(keepsSessions: true)
    {
    }

    /// <param name="keepsSessions">Whether sessions survive a kill; that costs a write to disk for each message, which a benchmark does not want.</param>
    internal TestBroker(bool keepsSessions) => (_authority, _keepsSessions) = (new(_folder), keepsSessions);

    internal int Port { get; } = FreePort();

    internal string CaFile => _authority.CaFile;

    internal string Folder => _folder;

    /// <summary>Options that work, with a certificate of the client's own.</summary>
    internal MqttOptions Options(string clientId)
    {
        var (certificateFile, keyFile) = _authority.Issue(clientId);
        return new()
        {
            Host = "127.0.0.1",
            Port = Port,
            ClientId = clientId,
            CaFile = CaFile,
            CertificateFile = certificateFile,
            KeyFile = keyFile,
            MinBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromMilliseconds(200),
        };
    }

    public async Task InitializeAsync()
    {
        var (certificateFile, keyFile) = _authority.Issue("localhost");
        await File.WriteAllTextAsync(Path.Combine(_folder, "acl"), "pattern readwrite open/#\npattern write own/%u/#\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "mosquitto.conf"), $"""
            listener {Port} 127.0.0.1
            user root
            cafile {CaFile}
            certfile {certificateFile}
            keyfile {keyFile}
            require_certificate true
            use_identity_as_username true
            allow_anonymous false
            acl_file {Path.Combine(_folder, "acl")}
            max_queued_messages 0
            set_tcp_nodelay true
            persistence {(_keepsSessions ? "true" : "false")}
            persistence_location {_folder}/
            autosave_on_changes true
            autosave_interval 1
            log_dest file {Path.Combine(_folder, "log")}
            """);
        await StartAsync();
    }

    internal async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", Path.Combine(_folder, "mosquitto.conf")]))!;
        await Eventually.Async(
            async () =>
            {
                using var probe = new TcpClient();
                try
                {
                    await probe.ConnectAsync(IPAddress.Loopback, Port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "the broker listens");
    }

    /// <summary>SIGKILL.</summary>
    internal async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
