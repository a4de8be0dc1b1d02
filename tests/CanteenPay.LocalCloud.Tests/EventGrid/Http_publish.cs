using System.Net;
using CanteenPay.LocalCloud.Tests.Composition;

namespace CanteenPay.LocalCloud.Tests.EventGrid;

[Collection(nameof(TestCloud))]
public sealed class Http_publish(TestCloud cloud)
{
    [Fact]
    public async Task A_message_reaches_the_machine_with_its_expiry()
    {
        await using var machine = cloud.Machine("DEVMACH1", "DEVMACH1-expiry", TimeSpan.Zero);
        var inbox = new Inbox(machine);
        machine.Start();
        await machine.SubscribeAsync("canteen/v1/devices/DEVMACH1/down/#");
        var text = $"result {Guid.NewGuid()}";

        using var answer = await cloud.PublishAsync("canteen/v1/devices/DEVMACH1/down/payments", text, ("mqtt-message-expiry", "45"), ("mqtt-qos", "1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.True(() => inbox.Has(text), "the machine receives the message");
        var message = inbox.Find(text)!;
        message.Topic.ShouldBe("canteen/v1/devices/DEVMACH1/down/payments");
        message.Expiry!.Value.ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(45));
    }

    [Fact]
    public async Task A_retained_message_waits_for_a_machine_that_subscribes_later()
    {
        var text = $"settings {Guid.NewGuid()}";
        using var answer = await cloud.PublishAsync("canteen/v1/devices/DEVMACH2/down/settings", text, ("mqtt-retain", "1"));
        await using var machine = cloud.Machine("DEVMACH2", "DEVMACH2-retained", TimeSpan.Zero);
        var inbox = new Inbox(machine);
        machine.Start();

        await machine.SubscribeAsync("canteen/v1/devices/DEVMACH2/down/#");

        await Eventually.True(() => inbox.Has(text), "the machine receives the retained message");
    }

    [Theory]
    [InlineData("")]
    [InlineData("canteen/+/x")]
    [InlineData("canteen/#")]
    [InlineData("$SYS/broker")]
    [InlineData("1/2/3/4/5/6/7/8/9")]
    public async Task A_topic_that_the_broker_does_not_take_is_a_bad_request(string topic)
    {
        using var answer = await cloud.PublishAsync(topic, "x");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("mqtt-message-expiry", "-1")]
    [InlineData("mqtt-message-expiry", "soon")]
    [InlineData("mqtt-qos", "2")]
    [InlineData("mqtt-retain", "yes")]
    public async Task A_header_that_makes_no_sense_is_a_bad_request(string name, string value)
    {
        using var answer = await cloud.PublishAsync("canteen/v1/devices/DEVMACH1/down/payments", "x", (name, value));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_the_key_nothing_is_published()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{cloud.Addresses.EventGrid}/mqtt/messages?topic=x&api-version=1") { Content = new StringContent("x") };
        request.Headers.TryAddWithoutValidation("Authorization", "SharedAccessKey guessed");

        using var answer = await cloud.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_message_above_512_kilobytes_is_too_large()
    {
        using var answer = await cloud.PublishAsync("canteen/v1/devices/DEVMACH1/down/payments", new string('x', (512 * 1024) + 1));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
