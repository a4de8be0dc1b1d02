using System.Text;
using CanteenPay.LocalCloud.Tests.Composition;

namespace CanteenPay.LocalCloud.Tests.EventGrid;

[Collection(nameof(TestCloud))]
public sealed class Routing(TestCloud cloud)
{
    [Fact]
    public async Task A_machines_message_reaches_the_function_of_its_queue_as_a_cloud_event_and_no_other()
    {
        await using var machine = cloud.Machine("DEVMACH1");
        machine.Start();
        var text = $"{{\"say\":\"支付\",\"n\":\"{Guid.NewGuid()}\"}}";

        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/payments", Encoding.UTF8.GetBytes(text)));

        await Eventually.True(() => Find("MachinePayments", text) is not null, "the payments function gets the event");
        var routed = Find("MachinePayments", text)!.Value;
        routed.GetProperty("specversion").GetString().ShouldBe("1.0");
        routed.GetProperty("type").GetString().ShouldBe("MQTT.EventPublished");
        routed.GetProperty("subject").GetString().ShouldBe("canteen/v1/devices/DEVMACH1/up/payments");
        routed.GetProperty("clientname").GetString().ShouldBe("DEVMACH1");
        routed.GetProperty("datacontenttype").GetString().ShouldBe("application/octet-stream");
        routed.GetProperty("source").GetString().ShouldNotBeNullOrEmpty();
        Guid.TryParse(routed.GetProperty("id").GetString(), out _).ShouldBeTrue();
        (DateTimeOffset.UtcNow - routed.GetProperty("time").GetDateTimeOffset()).ShouldBeInRange(TimeSpan.FromSeconds(-5), TimeSpan.FromMinutes(1));
        Find("MachineStatus", text).ShouldBeNull();
    }

    [Fact]
    public async Task A_message_on_a_topic_that_no_subscription_names_reaches_no_queue()
    {
        await using var machine = cloud.Machine("DEVMACH1", "DEVMACH1-foreign", TimeSpan.Zero);
        machine.Start();
        var (foreign, known) = ($"foreign {Guid.NewGuid()}", $"known {Guid.NewGuid()}");

        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/gossip", Encoding.UTF8.GetBytes(foreign)));
        await machine.PublishAsync(new("canteen/v1/devices/DEVMACH1/up/status", Encoding.UTF8.GetBytes(known)));

        // The broker keeps the order of one publisher, and the router takes one message after the other.
        await Eventually.True(() => Find("MachineStatus", known) is not null, "the later message arrives");
        Find("MachineStatus", foreign).ShouldBeNull();
        Find("MachinePayments", foreign).ShouldBeNull();
    }

    [Fact]
    public async Task A_message_that_is_published_over_http_is_routed_like_any_other()
    {
        var text = $"over http {Guid.NewGuid()}";

        (await cloud.PublishAsync("canteen/v1/devices/DEVMACH2/up/status", text)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);

        await Eventually.True(() => Find("MachineStatus", text) is not null, "the status function gets the event");
        Find("MachineStatus", text)!.Value.GetProperty("clientname").GetString().ShouldBe("DEVMACH2");
    }

    private System.Text.Json.JsonElement? Find(string function, string payload)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload));
        return TestApp.Events(cloud.Received, function).Where(e => e.GetProperty("data_base64").GetString() == encoded).Select(e => (System.Text.Json.JsonElement?)e).FirstOrDefault();
    }
}
