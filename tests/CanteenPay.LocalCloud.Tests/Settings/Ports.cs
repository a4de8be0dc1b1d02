using System.Net;
using System.Net.Sockets;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Tests.Settings;

public sealed class Ports
{
    private static readonly CloudOptions Options = new() { StateFolder = "s", ConfigFile = "c", AppFolder = "a", RootFolder = "r" };

    [Fact]
    public void A_taken_port_is_named_with_the_part_that_needs_it_and_the_setting_that_changes_it()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var ports = new PortBook(Options);

        var refused = Should.Throw<LocalCloudException>(() => ports.Allot("mqtt", "the MQTT broker", port));

        refused.Message.ShouldContain($"Port {port} is taken");
        refused.Message.ShouldContain("the MQTT broker");
        refused.Message.ShouldContain("--port mqtt=");
    }

    [Fact]
    public void A_part_that_is_adopted_keeps_its_port_although_it_is_taken()
    {
        using var own = new TcpListener(IPAddress.Loopback, 0);
        own.Start();
        var port = ((IPEndPoint)own.LocalEndpoint).Port;
        using var ports = new PortBook(Options);

        ports.Allot("mqtt", "the MQTT broker", port, runningOn: port).ShouldBe(port);
    }

    [Fact]
    public void Free_ports_are_all_different_and_those_asked_for_are_kept()
    {
        using var ports = new PortBook(Options with { Ephemeral = true, Ports = new Dictionary<string, int> { ["asked"] = FreePort() } });

        var allotted = Enumerable.Range(0, 20).Select(i => ports.Allot($"part{i}", "a part", 7070)).Append(ports.Allot("asked", "a part", 7070)).ToList();

        allotted.Distinct().Count().ShouldBe(21);
        allotted[^1].ShouldBe(ports["asked"]);
    }

    [Fact]
    public void A_port_for_something_that_does_not_exist_is_refused()
    {
        using var ports = new PortBook(Options with { Ports = new Dictionary<string, int> { ["mtqq"] = 1 } });
        ports.Allot("mqtt", "the MQTT broker", FreePort());

        Should.Throw<LocalCloudException>(ports.RefuseUnknownNames).Message.ShouldContain("mtqq");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
