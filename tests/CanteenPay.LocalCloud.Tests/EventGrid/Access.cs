using CanteenPay.LocalCloud.Tests.Composition;
using CanteenPay.Mqtt;

namespace CanteenPay.LocalCloud.Tests.EventGrid;

[Collection(nameof(TestCloud))]
public sealed class Access(TestCloud cloud)
{
    [Theory]
    [InlineData("canteen/v1/devices/DEVMACH2/up/payments")]
    [InlineData("canteen/v1/devices/DEVMACH1/down/payments")]
    [InlineData("canteen/v1/merchants/DEVMERCH/cards")]
    public async Task A_machine_cannot_publish_outside_its_own_up(string topic)
    {
        await using var machine = cloud.Machine("DEVMACH1", "DEVMACH1-writes", TimeSpan.Zero);
        machine.Start();

        var refused = await Should.ThrowAsync<MqttException>(() => machine.PublishAsync(new(topic, "forged"u8.ToArray())));

        refused.Code.ShouldBeGreaterThanOrEqualTo(128);
    }

    [Fact]
    public async Task A_machine_reads_its_own_down_and_its_merchants_cards_and_nothing_of_another_machine()
    {
        await using var machine = cloud.Machine("DEVMACH1", "DEVMACH1-reads", TimeSpan.Zero);
        var inbox = new Inbox(machine);
        machine.Start();
        await machine.SubscribeAsync("canteen/v1/devices/+/down/#");
        await machine.SubscribeAsync("canteen/v1/merchants/+/cards");
        var id = Guid.NewGuid();

        (await cloud.PublishAsync("canteen/v1/devices/DEVMACH2/down/payments", $"another's {id}")).EnsureSuccessStatusCode();
        (await cloud.PublishAsync("canteen/v1/merchants/STRANGER/cards", $"another merchant's {id}")).EnsureSuccessStatusCode();
        (await cloud.PublishAsync("canteen/v1/merchants/DEVMERCH/cards", $"cards {id}")).EnsureSuccessStatusCode();
        (await cloud.PublishAsync("canteen/v1/devices/DEVMACH1/down/payments", $"own {id}")).EnsureSuccessStatusCode();

        await Eventually.True(() => inbox.Has($"own {id}") && inbox.Has($"cards {id}"), "its own messages arrive");
        inbox.Has($"another's {id}").ShouldBeFalse();
        inbox.Has($"another merchant's {id}").ShouldBeFalse();
    }

    [Fact]
    public async Task A_merchants_cards_reach_its_machines_by_their_own_topic_and_no_machine_of_another_merchant_that_asks_for_it()
    {
        await using var own = cloud.Machine("DEVMACH2", "DEVMACH2-cards", TimeSpan.Zero);
        await using var stranger = cloud.Machine("STRANGE1", "STRANGE1-cards", TimeSpan.Zero);
        var (ownInbox, strangersInbox) = (new Inbox(own), new Inbox(stranger));
        foreach (var machine in (MosquittoClient[])[own, stranger])
        {
            machine.Start();
            await machine.SubscribeAsync("canteen/v1/merchants/DEVMERCH/cards");
        }

        await stranger.SubscribeAsync("canteen/v1/merchants/STRANGER/cards");
        var id = Guid.NewGuid();
        (await cloud.PublishAsync("canteen/v1/merchants/DEVMERCH/cards", $"cards {id}")).EnsureSuccessStatusCode();
        (await cloud.PublishAsync("canteen/v1/merchants/STRANGER/cards", $"a stranger's {id}")).EnsureSuccessStatusCode();

        await Eventually.True(() => ownInbox.Has($"cards {id}") && strangersInbox.Has($"a stranger's {id}"), "each gets its own merchant's");
        strangersInbox.Has($"cards {id}").ShouldBeFalse();
        ownInbox.Has($"a stranger's {id}").ShouldBeFalse();
    }
}
