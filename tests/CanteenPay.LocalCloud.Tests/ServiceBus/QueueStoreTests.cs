using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class QueueStoreTests : QueueStoreRig
{
    [Fact]
    public async Task A_completed_message_is_gone()
    {
        await SendAsync("one");
        var message = await TakeAsync();
        message.ShouldNotBeNull();
        Body(message).ShouldBe("one");
        message.DeliveryCount.ShouldBe(1);

        Store.Complete("jobs", message.LockToken).ShouldBeTrue();

        (await TakeAsync()).ShouldBeNull();
        Store.Complete("jobs", message.LockToken).ShouldBeFalse();
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_and_before_those_sent_after_it()
    {
        await SendAsync("first");
        await SendAsync("second");
        var message = (await TakeAsync())!;

        Store.Abandon("jobs", message.LockToken).ShouldBeTrue();

        var again = (await TakeAsync())!;
        Body(again).ShouldBe("first");
        again.DeliveryCount.ShouldBe(2);
        again.LockToken.ShouldNotBe(message.LockToken);
    }

    [Fact]
    public async Task Many_senders_and_receivers_lose_nothing_and_complete_everything_once()
    {
        const int Messages = 400;
        var completed = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var all = new CancellationTokenSource();
        var receivers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!all.IsCancellationRequested && await Store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, all.Token) is { } message)
            {
                await Task.Yield();
                // Every third message is given back once.
                if (message.DeliveryCount == 1 && message.SequenceNumber % 3 == 0)
                {
                    Store.Abandon("jobs", message.LockToken).ShouldBeTrue();
                    continue;
                }
                Store.Complete("jobs", message.LockToken).ShouldBeTrue();
                completed.Add(Body(message));
                if (completed.Count == Messages)
                    await all.CancelAsync();
            }
        }).ToList();
        var senders = Enumerable.Range(0, 4).Select(async s =>
        {
            for (var n = 0; n < Messages / 4; n++)
            {
                await Task.Yield();
                await SendAsync($"{s}-{n}");
            }
        });
        await Task.WhenAll(senders).WaitAsync(TimeSpan.FromSeconds(30));
        foreach (var receiver in receivers)
        {
            try
            {
                await receiver.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (OperationCanceledException)
            {
                // The others were still waiting when the last message was done.
            }
        }

        completed.Count.ShouldBe(Messages);
        completed.Distinct().Count().ShouldBe(Messages);
        Store.Status().Single(q => q.Name == "jobs").ShouldSatisfyAllConditions(q => q.Ready.ShouldBe(0), q => q.InFlight.ShouldBe(0));
    }

    [Fact]
    public async Task A_batch_is_taken_whole_without_its_duplicates_or_not_at_all()
    {
        (await Store.EnqueueBatchAsync("jobs", [Message("a", "1"), Message("b", "2"), Message("c", "1")], default)).ShouldBe(2);
        Body((await TakeAsync())!).ShouldBe("a");
        Body((await TakeAsync())!).ShouldBe("b");

        var half = new string('x', 130 * 1024);
        var refusal = await Should.ThrowAsync<QueueException>(async () => await Store.EnqueueBatchAsync("jobs", [Message(half), Message(half)], default));
        refusal.Refusal.ShouldBe(QueueRefusal.TooLarge);
        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_held_queue_accepts_and_delivers_nothing_until_it_is_released()
    {
        var waiting = Store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();
        Store.Hold("JOBS");
        await SendAsync("held");
        (await TakeAsync()).ShouldBeNull();
        waiting.IsCompleted.ShouldBeFalse();
        Store.Status().Single(q => q.Name == "jobs").ShouldSatisfyAllConditions(q => q.Held.ShouldBeTrue(), q => q.Ready.ShouldBe(1));

        Store.Release("jobs");

        Body((await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!).ShouldBe("held");
    }

    [Fact]
    public async Task A_receiver_that_stops_waiting_takes_nothing_with_it()
    {
        using var leaving = new CancellationTokenSource();
        var gone = Store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, leaving.Token).AsTask();
        var timedOut = Store.ReceiveAsync("jobs", TimeSpan.FromSeconds(1), default).AsTask();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await timedOut.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeNull();

        await SendAsync("one");

        (await TakeAsync())!.DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task Counters_tell_what_happened_and_can_begin_anew()
    {
        await SendAsync("a", "1");
        await SendAsync("a", "1");
        Store.Abandon("jobs", (await TakeAsync())!.LockToken);
        Store.Complete("jobs", (await TakeAsync())!.LockToken);

        Store.Status().Single(q => q.Name == "jobs").Counts.ShouldBe(new QueueCounts(Sent: 1, Duplicates: 1, Delivered: 2, Completed: 1, Abandoned: 1, DeadLettered: 0, Expired: 0));
        Store.ResetCounters();
        Store.Status().Single(q => q.Name == "jobs").Counts.ShouldBe(new QueueCounts(0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task What_no_queue_takes_is_refused_with_its_reason()
    {
        Store.Dispose();
        Store = Open(o => o with { MaxMessages = 1 });
        (await RefusalAsync("nowhere", Message("x"))).ShouldBe(QueueRefusal.QueueNotFound);
        (await RefusalAsync("jobs/$deadletterqueue", Message("x"))).ShouldBe(QueueRefusal.BadMessage);
        (await RefusalAsync("jobs", Message("x", new string('i', 129)))).ShouldBe(QueueRefusal.BadMessage);
        (await RefusalAsync("jobs", Message(new string('x', 256 * 1024)))).ShouldBe(QueueRefusal.TooLarge);
        await SendAsync("full");
        (await RefusalAsync("jobs", Message("x"))).ShouldBe(QueueRefusal.QuotaExceeded);
    }

    private async Task<QueueRefusal> RefusalAsync(string queue, QueueMessage message) =>
        (await Should.ThrowAsync<QueueException>(async () => await Store.EnqueueAsync(queue, message, default))).Refusal;
}
