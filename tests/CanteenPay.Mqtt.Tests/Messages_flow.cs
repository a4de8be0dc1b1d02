using System.Text;
using CanteenPay.Mqtt.Tests.Broker;

namespace CanteenPay.Mqtt.Tests;

public sealed class Messages_flow(TestBroker broker) : IClassFixture<TestBroker>
{
    [Fact]
    public async Task A_message_that_is_published_arrives_with_its_bytes_and_what_is_left_of_its_expiry()
    {
        await using var client = new MosquittoClient(broker.Options("echo"));
        var inbox = new Inbox(client);
        client.Start();
        await client.SubscribeAsync("open/echo");

        await client.PublishAsync(new("open/echo", "支付成功"u8.ToArray(), Expiry: TimeSpan.FromSeconds(60)));
        await client.PublishAsync(new("open/echo", "for ever"u8.ToArray()));

        await Eventually.True(() => inbox.Messages.Count == 2, "both messages arrive");
        inbox.One("支付成功").Expiry!.Value.ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
        inbox.One("for ever").Expiry.ShouldBeNull();
        client.State.ShouldBe(MqttState.Connected);
        client.LastError.ShouldBeNull();
    }

    [Fact]
    public async Task A_publish_that_the_access_rules_forbid_throws_the_brokers_reason()
    {
        await using var client = new MosquittoClient(broker.Options("stranger"));
        client.Start();

        var refused = await Should.ThrowAsync<MqttException>(() => client.PublishAsync(new("own/somebody-else/up", "x"u8.ToArray())));

        refused.Code.ShouldBe(135);
        refused.Message.ShouldContain("own/somebody-else/up");
        await client.PublishAsync(new("own/stranger/up", "x"u8.ToArray()));
    }

    [Fact]
    public async Task A_publish_without_a_subscriber_succeeds()
    {
        await using var client = new MosquittoClient(broker.Options("alone"));
        client.Start();

        await client.PublishAsync(new("open/nobody-listens", "x"u8.ToArray()));
    }

    [Fact]
    public async Task A_retained_message_reaches_a_later_subscriber_and_says_that_it_was_retained()
    {
        await using var client = new MosquittoClient(broker.Options("retainer"));
        var inbox = new Inbox(client);
        client.Start();
        await client.PublishAsync(new("open/retained", "settings"u8.ToArray(), Retain: true));

        await client.SubscribeAsync("open/retained");

        await Eventually.True(() => inbox.Has("settings"), "the retained message arrives");
        inbox.One("settings").Retain.ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_thousand_messages_pass_a_reader_that_is_slower_than_the_network_and_none_is_missing()
    {
        const int count = 10_000;
        await using var publisher = new MosquittoClient(broker.Options("many-out") with { MaxPending = 500 });
        await using var subscriber = new MosquittoClient(broker.Options("many-in") with { MaxReceived = 10 });
        publisher.Start();
        subscriber.Start();
        await subscriber.SubscribeAsync("open/many");
        var seen = new HashSet<int>();
        var reading = Task.Run(async () =>
        {
            await foreach (var message in subscriber.Received)
            {
                seen.Add(int.Parse(Encoding.UTF8.GetString(message.Payload.Span), null));
                if (seen.Count == count)
                {
                    return;
                }
            }
        });

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 400 }, async (i, cancellation) =>
            await publisher.PublishAsync(new("open/many", Encoding.UTF8.GetBytes($"{i}")), cancellation));

        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        seen.Count.ShouldBe(count);
    }

    [Fact]
    public async Task More_messages_than_may_wait_are_refused_at_once_and_the_waiting_ones_still_go()
    {
        await using var client = new MosquittoClient(broker.Options("bounded") with { MaxPending = 3 });
        var waiting = Enumerable.Range(0, 3).Select(_ => client.PublishAsync(new("open/bounded", "x"u8.ToArray()))).ToList();

        var refused = await Should.ThrowAsync<MqttException>(() => client.PublishAsync(new("open/bounded", "one too many"u8.ToArray())));

        refused.Code.ShouldBe(151);
        client.Start();
        await Task.WhenAll(waiting).WaitAsync(Eventually.Deadline);
    }

    [Fact]
    public async Task A_message_whose_expiry_passes_before_there_is_a_connection_is_not_sent_late()
    {
        var time = new SteppedTime();
        await using var client = new MosquittoClient(broker.Options("late"), time);
        var inbox = new Inbox(client);
        var late = client.PublishAsync(new("open/late", "late"u8.ToArray(), Expiry: TimeSpan.FromSeconds(60)));
        var later = client.PublishAsync(new("open/late", "in time"u8.ToArray(), Expiry: TimeSpan.FromSeconds(100)));
        var subscribed = client.SubscribeAsync("open/late");
        time.Step(TimeSpan.FromSeconds(61));

        client.Start();

        (await Should.ThrowAsync<MqttException>(() => late)).Message.ShouldContain("expired");
        await later.WaitAsync(Eventually.Deadline);
        await subscribed;
        await Eventually.True(() => inbox.Has("in time"), "the younger message arrives");
        inbox.One("in time").Expiry!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(39));
    }

    [Fact]
    public async Task A_publish_that_is_cancelled_while_waiting_is_not_sent()
    {
        await using var client = new MosquittoClient(broker.Options("cancelled"));
        var inbox = new Inbox(client);
        using var cancellation = new CancellationTokenSource();
        var cancelled = client.PublishAsync(new("open/cancelled", "taken back"u8.ToArray()), cancellation.Token);
        var subscribed = client.SubscribeAsync("open/cancelled");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        client.Start();
        await subscribed;
        await client.PublishAsync(new("open/cancelled", "after"u8.ToArray()));
        await Eventually.True(() => inbox.Has("after"), "the next message arrives");
        inbox.Has("taken back").ShouldBeFalse();
    }
}

internal sealed class SteppedTime : TimeProvider
{
    private long _ahead;

    internal void Step(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks * System.TimestampFrequency / TimeSpan.TicksPerSecond);

    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _ahead);
}
