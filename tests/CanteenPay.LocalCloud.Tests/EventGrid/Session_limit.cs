using CanteenPay.LocalCloud.EventGrid;
using CanteenPay.LocalCloud.Status;
using CanteenPay.LocalCloud.Tests.Composition;

namespace CanteenPay.LocalCloud.Tests.EventGrid;

[Collection(nameof(TestCloud))]
public sealed class Session_limit(TestCloud cloud)
{
    [Fact]
    public async Task The_session_of_a_machine_that_is_away_ends_with_the_101st_message_that_waits_in_it()
    {
        const string topic = "canteen/v1/devices/DEVMACH2/down/payments";
        await using (var machine = cloud.Machine("DEVMACH2"))
        {
            machine.Start();
            await machine.SubscribeAsync("canteen/v1/devices/DEVMACH2/down/#");
        }

        var before = await cloud.CountAsync(Counters.MqttSessionEnded);
        var id = Guid.NewGuid();
        for (var i = 0; i <= SessionLimit.MostMessages; i++)
        {
            (await cloud.PublishAsync(topic, $"{i} {id}")).EnsureSuccessStatusCode();
        }

        await Eventually.Async(async () => await cloud.CountAsync(Counters.MqttSessionEnded) == before + 1, "the session is ended");
        await using var back = cloud.Machine("DEVMACH2");
        var inbox = new Inbox(back);
        back.Start();
        await back.SubscribeAsync("canteen/v1/devices/DEVMACH2/down/#");
        (await cloud.PublishAsync(topic, $"after {id}")).EnsureSuccessStatusCode();
        await Eventually.True(() => inbox.Has($"after {id}"), "new messages arrive");
        inbox.Has($"0 {id}").ShouldBeFalse();
        inbox.Has($"99 {id}").ShouldBeFalse();
    }

    [Theory]
    [InlineData("1795321864: New client connected from 127.0.0.1:59872 as DEV1 (p5, c0, k30, u'DEV1').", "DEV1", true, "DEV1")]
    [InlineData("1795321864: New client connected from 127.0.0.1:59872 as DEV1 (p5, c0, k30, u'localcloud').", "DEV1", true, "localcloud")]
    [InlineData("1795321864: Client DEV1 disconnected.", "DEV1", false, null)]
    [InlineData("1795321864: Client DEV1 closed its connection.", "DEV1", false, null)]
    [InlineData("1795321864: Client DEV1 has exceeded timeout, disconnecting.", "DEV1", false, null)]
    public void The_brokers_log_tells_who_came_and_went(string line, string client, bool connected, string? user) =>
        BrokerLogLine.Read(line).ShouldBe(new BrokerLogLine(client, connected, user));

    [Fact]
    public void Other_lines_of_the_brokers_log_say_nothing() =>
        BrokerLogLine.Read("1795321864: New connection from 127.0.0.1:59880 on port 28831.").ShouldBeNull();
}
