using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.Tests.Composition;

public sealed class Killed_and_started_again : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("localcloud-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    public Task InitializeAsync()
    {
        TestCloud.WriteFolder(_folder, """
            [{ "name": "ticker", "folder": ".", "executable": "ticker", "port": 1, "arguments": ["{port:ticker}", "{state}/ticks"], "readyFile": "{state}/ticks" }]
            """);
        var ticker = Path.Combine(_folder, "ticker");
        File.WriteAllText(ticker, "#!/bin/sh\necho $1 > $2\nexec sleep 1000\n");
        File.SetUnixFileMode(ticker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_killed_LocalCloud_leaves_Azurite_and_the_broker_running_and_the_next_one_adopts_them_and_loses_no_message()
    {
        var first = new LocalCloudProcess(_folder);
        await first.WaitUntilReadyAsync();
        var (azurite, mosquitto, ticker, mqttPort) = (first.PidOf("azurite"), first.PidOf("mosquitto"), first.PidOf("ticker"), first.Endpoint("mqttPort"));
        var handler = (await StatusAsync(first)).GetProperty("functions").GetProperty("handlers")[0].GetProperty("processId").GetInt32();
        await first.KillAsync();
        await using var machine = Machine(first, int.Parse(mqttPort, null));
        machine.Start();
        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/status", "while nobody routed"u8.ToArray()));

        await using var second = new LocalCloudProcess(_folder);
        await second.WaitUntilReadyAsync();

        (second.PidOf("azurite"), second.PidOf("mosquitto")).ShouldBe((azurite, mosquitto));
        second.Endpoint("mqttPort").ShouldBe(mqttPort);
        second.PidOf("ticker").ShouldNotBe(ticker);
        ProcessRecord.ReadStartTicks(ticker!.Value).ShouldBeNull();
        ProcessRecord.ReadStartTicks(handler).ShouldBeNull();
        await Eventually.True(() => HasReceived("while nobody routed"), "the broker's session brings the message to the queue");

        (await second.TerminateAsync()).ShouldBe(0);
        new[] { azurite, mosquitto }.ShouldAllBe(pid => ProcessRecord.ReadStartTicks(pid!.Value) == null);
        Directory.GetFiles(second.StateFolder, "*.json").Select(Path.GetFileName).ShouldNotContain("endpoints.json");
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_broker_is_started_again_and_routing_goes_on()
    {
        await using var cloud = new LocalCloudProcess(_folder);
        await cloud.WaitUntilReadyAsync();
        var mosquitto = cloud.PidOf("mosquitto")!.Value;
        await using var machine = Machine(cloud, int.Parse(cloud.Endpoint("mqttPort"), null));
        machine.Start();
        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/status", "before"u8.ToArray()));

        using (var process = Process.GetProcessById(mosquitto))
        {
            process.Kill();
        }

        await Eventually.True(() => cloud.PidOf("mosquitto") is { } pid && pid != mosquitto, "the broker runs again");
        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/status", "after"u8.ToArray()));
        await Eventually.True(() => HasReceived("after"), "the message is routed");
        (await StatusAsync(cloud)).GetProperty("parts").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "mosquitto")
            .GetProperty("lastError").GetString()!.ShouldContain("ended with");
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_1_and_a_sentence_and_starts_nothing()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var cloud = new LocalCloudProcess(_folder, "--port", $"mqtt={port}");

        (await cloud.WaitForExitAsync()).ShouldBe(1);

        (await cloud.ErrorsAsync()).ShouldContain($"Port {port} is taken: the MQTT broker (mosquitto) needs it.");
        (cloud.PidOf("azurite"), cloud.PidOf("mosquitto")).ShouldBe((null, null));
    }

    [Fact]
    public async Task It_ends_with_all_it_started_when_its_parent_is_gone_and_two_never_share_a_state_folder()
    {
        using var parent = Process.Start("/bin/sleep", ["1000"]);
        await using var cloud = new LocalCloudProcess(_folder, "--parent-pid", $"{parent.Id}");
        await cloud.WaitUntilReadyAsync();
        var (azurite, ticker) = (cloud.PidOf("azurite")!.Value, cloud.PidOf("ticker")!.Value);
        await using (var intruder = new LocalCloudProcess(_folder))
        {
            (await intruder.WaitForExitAsync()).ShouldBe(1);
            (await intruder.ErrorsAsync()).ShouldContain("another LocalCloud");
        }

        parent.Kill();

        (await cloud.WaitForExitAsync()).ShouldBe(0);
        (ProcessRecord.ReadStartTicks(azurite), ProcessRecord.ReadStartTicks(ticker)).ShouldBe((null, null));
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    private bool HasReceived(string payload)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        return TestApp.Events(Path.Combine(_folder, "received"), "MachineStatus").Any(e => e.GetProperty("data_base64").GetString() == encoded);
    }

    private async Task<JsonElement> StatusAsync(LocalCloudProcess cloud)
    {
        using var status = JsonDocument.Parse(await _http.GetStringAsync($"{cloud.Endpoint("status")}/status.json"));
        return status.RootElement.Clone();
    }

    private static MosquittoClient Machine(LocalCloudProcess cloud, int port)
    {
        var certificates = Path.Combine(cloud.StateFolder, "certificates");
        return new(new()
        {
            Host = "127.0.0.1",
            Port = port,
            ClientId = "DEVMACH1",
            CaFile = Path.Combine(certificates, "ca.pem"),
            CertificateFile = Path.Combine(certificates, "devices", "DEVMACH1.pem"),
            KeyFile = Path.Combine(certificates, "devices", "DEVMACH1.key"),
            MinBackoff = TimeSpan.FromMilliseconds(50),
            MaxBackoff = TimeSpan.FromMilliseconds(200),
        });
    }
}
