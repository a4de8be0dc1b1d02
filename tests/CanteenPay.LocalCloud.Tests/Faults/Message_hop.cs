using System.Collections.Concurrent;
using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Tests.Composition;
using CanteenPay.LocalCloud.Tests.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Faults;

public sealed class Message_hop : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _delivered = new();
    private readonly Hop _hop = new(HopKind.MachineToCloud);
    private readonly MessageHop _messages;

    public Message_hop() => _messages = new(_hop, _time, NullLogger.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Without_faults_a_message_passes_and_nothing_is_counted()
    {
        await PassAsync("a");

        _delivered.ShouldBe(["a"]);
        _hop.Read().Seen.ShouldBe(0);
    }

    [Fact]
    public async Task A_dropped_message_is_never_delivered()
    {
        _hop.Set(new() { Drop = 1 });
        await PassAsync("a");
        _hop.Set(HopSettings.Calm);
        await PassAsync("b");

        _delivered.ShouldBe(["b"]);
        Count("drop").ShouldBe(1);
    }

    [Fact]
    public async Task A_doubled_message_is_delivered_twice()
    {
        _hop.Set(new() { Double = 1 });
        await PassAsync("a");

        _delivered.ShouldBe(["a", "a"]);
        Count("double").ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_doubled_and_delayed_message_the_second_copy_is_late()
    {
        _hop.Set(new() { Double = 1, Delay = new(1, 2000) });
        await PassAsync("a");
        _delivered.ShouldBe(["a"]);

        _time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.True(() => _delivered.Count == 2, "the second copy arrives");
    }

    [Fact]
    public async Task A_delayed_message_arrives_after_its_delay_and_not_before()
    {
        _hop.Set(new() { Delay = new(1, 2000) });
        await PassAsync("late");
        _time.Advance(TimeSpan.FromSeconds(1.9));
        _delivered.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(0.1));

        await Eventually.True(() => _delivered.Contains("late"), "the late message arrives");
        Count("delay").ShouldBe(1);
    }

    [Fact]
    public async Task The_next_message_overtakes_a_reordered_one()
    {
        // With half of them reordered, the first throws of this seed say: this one, and not the next.
        _hop.Begin(SeedOf(held: true, next: false));
        _hop.Set(new() { Reorder = 0.5 });
        await PassAsync("request");
        _delivered.ShouldBeEmpty();

        await PassAsync("cancel");

        await Eventually.True(() => _delivered.Count == 2, "the overtaken message follows");
        _delivered.ShouldBe(["cancel", "request"]);
        Count("reorder").ShouldBe(1);
    }

    [Fact]
    public async Task A_reordered_message_that_none_follows_arrives_after_three_seconds()
    {
        _hop.Set(new() { Reorder = 1 });
        await PassAsync("alone");

        _time.Advance(TimeSpan.FromSeconds(3));

        await Eventually.True(() => _delivered.Contains("alone"), "it arrives without a successor");
    }

    [Fact]
    public async Task What_is_held_back_arrives_when_the_faults_end()
    {
        _hop.Set(new() { Delay = new(1, 60_000) });
        await PassAsync("held");

        _hop.Set(HopSettings.Calm);

        await Eventually.True(() => _delivered.Contains("held"), "the held message arrives");
    }

    [Fact]
    public async Task What_is_held_back_arrives_when_LocalCloud_ends()
    {
        await using (var messages = new MessageHop(_hop, _time, NullLogger.Instance))
        {
            _hop.Set(new() { Delay = new(1, 60_000) });
            await PassAsync("held", messages);
            _delivered.ShouldBeEmpty();
        }

        _delivered.ShouldBe(["held"]);
    }

    [Fact]
    public async Task No_more_than_200_are_held_back_and_the_others_pass()
    {
        _hop.Set(new() { Delay = new(1, 60_000) });
        for (var n = 0; n < 203; n++)
        {
            await PassAsync($"{n}");
        }

        _delivered.ShouldBe(["200", "201", "202"]);
        Count("delay").ShouldBe(200);
    }

    public Task DisposeAsync() => _messages.DisposeAsync().AsTask();

    private Task PassAsync(string message, MessageHop? messages = null) => (messages ?? _messages).PassAsync(
        _ =>
        {
            _delivered.Enqueue(message);
            return Task.CompletedTask;
        },
        CancellationToken.None);

    private static int SeedOf(bool held, bool next) => Enumerable.Range(0, 1000).First(seed =>
    {
        var (random, half) = (new Random(seed), new HopSettings { Reorder = 0.5 });
        return Dice.Roll(random, half).Overtaken == held && Dice.Roll(random, half).Overtaken == next;
    });

    private long Count(string fault) => _hop.Read().Counts[fault];
}
