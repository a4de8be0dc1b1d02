using System.Collections.Concurrent;
using System.Diagnostics;
using CanteenPay.Mqtt.Tests.Broker;

namespace CanteenPay.Mqtt.Tests;

/// <summary>Each test has a broker of its own, because it kills it.</summary>
public sealed class Connections_break : IAsyncLifetime
{
    private readonly TestBroker _broker = new();

    public Task InitializeAsync() => _broker.InitializeAsync();

    public Task DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_client_comes_back_after_its_broker_was_killed_and_sends_what_was_not_acknowledged()
    {
        await using var client = new MosquittoClient(_broker.Options("survivor"));
        var states = new ConcurrentQueue<MqttState>();
        client.StateChanged += states.Enqueue;
        var inbox = new Inbox(client);
        client.Start();
        await client.SubscribeAsync("open/survivor");
        await _broker.KillAsync();
        await Eventually.True(() => client.State == MqttState.Disconnected, "the client notices");
        var waiting = client.PublishAsync(new("open/survivor", "while the broker was dead"u8.ToArray()));

        await _broker.StartAsync();

        await waiting.WaitAsync(Eventually.Deadline);
        await Eventually.True(() => inbox.Has("while the broker was dead"), "the message arrives");
        await Eventually.True(() => states.Count >= 3, "all changes are raised");
        states.ToArray().ShouldBe([MqttState.Connected, MqttState.Disconnected, MqttState.Connected]);
    }

    [Fact]
    public async Task A_broker_that_forgot_the_session_is_asked_for_every_subscription_again()
    {
        await using var client = new MosquittoClient(_broker.Options("forgotten"));
        var inbox = new Inbox(client);
        client.Start();
        await client.SubscribeAsync("open/forgotten/a");
        await client.SubscribeAsync("open/forgotten/b");
        await _broker.KillAsync();
        File.Delete(Path.Combine(_broker.Folder, "mosquitto.db"));

        await _broker.StartAsync();

        await Eventually.True(() => client.State == MqttState.Connected, "the client is back");
        await client.PublishAsync(new("open/forgotten/a", "a"u8.ToArray()));
        await client.PublishAsync(new("open/forgotten/b", "b"u8.ToArray()));
        await Eventually.True(() => inbox.Has("a") && inbox.Has("b"), "both subscriptions are in force");
    }

    [Fact]
    public async Task A_broker_that_kept_the_session_and_lost_the_subscription_is_asked_again()
    {
        var (saved, kept) = (Path.Combine(_broker.Folder, "mosquitto.db"), Path.Combine(_broker.Folder, "kept.db"));
        await using var client = new MosquittoClient(_broker.Options("deafened"));
        var inbox = new Inbox(client);
        client.Start();
        // A retained message makes the broker save, the session with it.
        await client.PublishAsync(new("open/memory/retained", "x"u8.ToArray(), Retain: true));
        await Eventually.True(() => File.Exists(saved) && File.ReadAllText(saved).Contains("deafened", StringComparison.Ordinal), "the session is saved");
        File.Copy(saved, kept);
        await client.SubscribeAsync("open/memory/news");
        await _broker.KillAsync();
        File.Move(kept, saved, overwrite: true);

        await _broker.StartAsync();

        await Eventually.True(() => client.State == MqttState.Connected, "the client is back");
        await client.PublishAsync(new("open/memory/news", "heard"u8.ToArray()));
        await Eventually.True(() => inbox.Has("heard"), "the subscription is in force again");
    }

    [Fact]
    public async Task A_message_published_while_a_subscriber_was_away_waits_in_its_session()
    {
        await using var publisher = new MosquittoClient(_broker.Options("sender"));
        publisher.Start();
        await using (var first = new MosquittoClient(_broker.Options("away")))
        {
            first.Start();
            await first.SubscribeAsync("open/away");
        }

        await publisher.PublishAsync(new("open/away", "kept"u8.ToArray()));

        await using var second = new MosquittoClient(_broker.Options("away"));
        var inbox = new Inbox(second);
        second.Start();
        await Eventually.True(() => inbox.Has("kept"), "the session brings the message without a new subscribe");
    }

    [Fact]
    public async Task A_message_that_expires_while_its_subscriber_is_away_is_not_delivered()
    {
        await using var publisher = new MosquittoClient(_broker.Options("sender"));
        publisher.Start();
        await using (var first = new MosquittoClient(_broker.Options("away")))
        {
            first.Start();
            await first.SubscribeAsync("open/expiry");
        }

        await publisher.PublishAsync(new("open/expiry", "stale"u8.ToArray(), Expiry: TimeSpan.FromSeconds(1)));
        // The broker counts whole seconds of its own clock.
        var published = Stopwatch.GetTimestamp();
        await Eventually.True(() => Stopwatch.GetElapsedTime(published) > TimeSpan.FromSeconds(2.1), "the broker's clock passes the expiry");
        await publisher.PublishAsync(new("open/expiry", "fresh"u8.ToArray()));

        await using var second = new MosquittoClient(_broker.Options("away"));
        var inbox = new Inbox(second);
        second.Start();
        await Eventually.True(() => inbox.Has("fresh"), "the younger message arrives");
        inbox.Has("stale").ShouldBeFalse();
    }

    [Fact]
    public async Task With_a_bound_of_zero_a_message_is_acknowledged_only_when_the_reader_comes_back_for_the_next()
    {
        await using var publisher = new MosquittoClient(_broker.Options("sender"));
        publisher.Start();
        await using (var first = new MosquittoClient(_broker.Options("careful") with { MaxReceived = 0 }))
        {
            first.Start();
            await first.SubscribeAsync("open/careful");
            await publisher.PublishAsync(new("open/careful", "one"u8.ToArray()));
            await publisher.PublishAsync(new("open/careful", "two"u8.ToArray()));
            var taken = 0;
            await foreach (var message in first.Received)
            {
                if (++taken == 2)
                {
                    break;
                }
            }
        }

        await using var second = new MosquittoClient(_broker.Options("careful"));
        var inbox = new Inbox(second);
        second.Start();
        await Eventually.True(() => inbox.Has("two"), "the unfinished message comes again");
    }

    [Fact]
    public async Task The_will_is_published_when_a_client_is_cut_off_and_not_when_it_says_goodbye()
    {
        await using var watcher = new MosquittoClient(_broker.Options("watcher"));
        var inbox = new Inbox(watcher);
        watcher.Start();
        await watcher.SubscribeAsync("open/will/+");
        await using (var polite = new MosquittoClient(_broker.Options("polite") with { Will = new("open/will/polite", "polite is gone"u8.ToArray()) }))
        {
            polite.Start();
            await polite.PublishAsync(new("open/elsewhere", "x"u8.ToArray()));
        }

        await using (var holding = new MosquittoClient(_broker.Options("holding") with
        {
            MaxReceived = 0,
            Will = new("open/will/holding", "holding is gone"u8.ToArray(), Expiry: TimeSpan.FromMinutes(1)),
        }))
        {
            holding.Start();
            await holding.SubscribeAsync("open/held");
            await watcher.PublishAsync(new("open/held", "x"u8.ToArray()));
            await using var reader = holding.Received.GetAsyncEnumerator();
            (await reader.MoveNextAsync()).ShouldBeTrue();
            // The message in hand is not finished: a goodbye would acknowledge it, so the connection is cut.
        }

        await Eventually.True(() => inbox.Has("holding is gone"), "the will of the client that was cut off is published");
        inbox.Has("polite is gone").ShouldBeFalse();
    }
}
