using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CanteenPay.Mqtt;
using CanteenPay.Mqtt.Tests.Broker;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>
/// A real mosquitto with TLS, client certificates and the protocol's access rules, and a cloud's client on it. Names come from CONNECT, as Azure's broker reads them
/// (it holds them against the certificate besides): a machine that says none may do nothing here.
/// </summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly TestFolder files = new();
    private readonly Authority authority;
    private readonly Process process;
    private readonly int port;

    public Mosquitto()
    {
        authority = new(files.Path);
        var (certificate, key) = authority.Issue("localhost");
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        File.WriteAllText(files.File("acl"), "pattern write canteen/v1/devices/%u/up/#\npattern read canteen/v1/devices/%u/down/#\npattern read canteen/v1/merchants/+/cards\nuser cloud\ntopic readwrite #\n");
        File.WriteAllText(files.File("mosquitto.conf"), $"""
            listener {port} 127.0.0.1
            user root
            cafile {authority.CaFile}
            certfile {certificate}
            keyfile {key}
            require_certificate true
            use_identity_as_username false
            allow_anonymous true
            acl_file {files.File("acl")}
            log_dest file {files.File("log")}
            """);
        process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", files.File("mosquitto.conf")]))!;
    }

    public MqttOptions Options(string name, MqttMessage? will = null)
    {
        var (certificate, key) = authority.Issue(name);
        return new()
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = name,
            UserName = name,
            CaFile = authority.CaFile,
            CertificateFile = certificate,
            KeyFile = key,
            MinBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromMilliseconds(200),
            Will = will,
        };
    }

    /// <summary>A cloud that answers each message of the machine with what the test says.</summary>
    public async Task AnswerAsync(Func<DeviceMessage, DeviceMessage?> answer, CancellationToken end)
    {
        await using var cloud = new MosquittoClient(Options("cloud"));
        cloud.Start();
        var subscribed = cloud.SubscribeAsync($"{Topics.DevicesPrefix}+/up/#", end);
        await foreach (var message in cloud.Received.WithCancellation(end))
        {
            await subscribed;
            DeviceMessageJson.TryRead(message.Payload.Span, out var read, out var error).ShouldBeTrue(error);
            if (answer(read!) is { } reply)
            {
                var topic = reply is StatusAck ? Topics.StatusDown(TillRig.Device) : Topics.PaymentsDown(TillRig.Device);
                await cloud.PublishAsync(new(topic, DeviceMessageJson.Write(reply)), end);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        files.Dispose();
    }
}
