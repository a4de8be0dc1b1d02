using System.Text;
using System.Text.Json;
using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class QueueStoreTests : IDisposable
{
    private const string Parked = "parked";
    private const string ParkedDead = "parked/$deadletterqueue";
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();
    private QueueStore _store;

    public QueueStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_completed_message_is_gone()
    {
        await SendAsync("one");
        var message = await TakeAsync();
        message.ShouldNotBeNull();
        Body(message).ShouldBe("one");
        message.DeliveryCount.ShouldBe(1);

        _store.Complete("jobs", message.LockToken).ShouldBeTrue();

        (await TakeAsync()).ShouldBeNull();
        _store.Complete("jobs", message.LockToken).ShouldBeFalse();
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_at_once_and_before_those_sent_after_it()
    {
        await SendAsync("first");
        await SendAsync("second");
        var message = (await TakeAsync())!;

        _store.Abandon("jobs", message.LockToken).ShouldBeTrue();

        var again = (await TakeAsync())!;
        Body(again).ShouldBe("first");
        again.DeliveryCount.ShouldBe(2);
        again.LockToken.ShouldNotBe(message.LockToken);
    }

    [Fact]
    public async Task After_ten_deliveries_a_message_is_forwarded_to_parked_with_reason_and_source()
    {
        await SendAsync("poison", "m-1");
        await AbandonTenTimesAsync("jobs");

        (await TakeAsync()).ShouldBeNull();
        var parked = (await TakeAsync(Parked))!;
        Body(parked).ShouldBe("poison");
        parked.MessageId.ShouldBe("m-1");
        parked.DeliveryCount.ShouldBe(1);
        parked.DeadLetterSource.ShouldBe("jobs");
        parked.Message.Properties["DeadLetterReason"].GetString().ShouldBe("MaxDeliveryCountExceeded");
        parked.Message.Properties["DeadLetterErrorDescription"].GetString().ShouldBe("Message could not be consumed after 10 delivery attempts.");
        parked.Message.Properties["tenant"].GetString().ShouldBe("t1");
    }

    [Fact]
    public async Task What_parked_itself_gives_up_stays_in_its_own_dead_letters()
    {
        await SendAsync("poison");
        await AbandonTenTimesAsync("jobs");
        await AbandonTenTimesAsync(Parked);

        (await TakeAsync(Parked)).ShouldBeNull();
        var dead = (await TakeAsync(ParkedDead))!;
        dead.DeadLetterSource.ShouldBe("jobs");
        _store.Status().Single(q => q.Name == Parked).DeadLetters.ShouldBe(1);
        for (var i = 0; i < 20; i++)
        {
            _store.Abandon(ParkedDead, dead.LockToken).ShouldBeTrue();
            dead = (await TakeAsync(ParkedDead)).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Without_a_parked_queue_dead_letters_stay_with_their_queue()
    {
        _store.Dispose();
        _store = Open(o => o with { Queues = ["jobs"] });
        await SendAsync("poison");
        await AbandonTenTimesAsync("jobs");

        (await TakeAsync("jobs/$deadletterqueue")).ShouldNotBeNull().DeadLetterSource.ShouldBeNull();
    }

    [Fact]
    public async Task A_receiver_may_give_a_message_up_with_its_own_reason()
    {
        await SendAsync("odd");
        _store.DeadLetter("jobs", (await TakeAsync())!.LockToken, "NotJson", "line 1").ShouldBeTrue();

        (await TakeAsync(Parked))!.Message.Properties["DeadLetterReason"].GetString().ShouldBe("NotJson");
    }

    [Fact]
    public async Task A_second_send_with_the_same_id_is_dropped_for_ten_minutes_even_when_the_first_is_done()
    {
        (await SendAsync("one", "m-1")).ShouldBeTrue();
        _store.Complete("jobs", (await TakeAsync())!.LockToken);
        _time.Advance(TimeSpan.FromMinutes(9.9));

        (await SendAsync("two", "m-1")).ShouldBeFalse();
        (await TakeAsync()).ShouldBeNull();
        (await _store.EnqueueAsync(Parked, Message("other queue", "m-1"), default)).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(0.2));
        (await SendAsync("three", "m-1")).ShouldBeTrue();
        Body((await TakeAsync())!).ShouldBe("three");
    }

    [Fact]
    public async Task A_scheduled_message_wakes_its_waiter_when_it_is_due_and_not_before()
    {
        var due = _time.GetUtcNow() + TimeSpan.FromSeconds(2);
        await _store.EnqueueAsync("jobs", Message("later") with { ScheduledEnqueueTime = due }, default);
        var waiting = _store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1.999));
        waiting.IsCompleted.ShouldBeFalse();
        _store.Status().Single(q => q.Name == "jobs").Scheduled.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!.EnqueuedTime.ShouldBe(due);
    }

    [Fact]
    public async Task Schedules_shrink_with_the_time_scale()
    {
        _store.Dispose();
        _store = Open(o => o with { TimeScale = 0.1 });
        await _store.EnqueueAsync("jobs", Message("later") with { ScheduledEnqueueTime = _time.GetUtcNow() + TimeSpan.FromSeconds(2) }, default);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        (await TakeAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_message_that_outlived_its_time_is_never_delivered()
    {
        await _store.EnqueueAsync("jobs", Message("stale") with { TimeToLive = TimeSpan.FromSeconds(30) }, default);
        await SendAsync("fresh");
        _time.Advance(TimeSpan.FromSeconds(30));

        Body((await TakeAsync())!).ShouldBe("fresh");
        (await TakeAsync()).ShouldBeNull();
        _store.Status().Single(q => q.Name == "jobs").Counts.Expired.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_that_runs_out_gives_the_message_to_the_next_and_refuses_the_first()
    {
        await SendAsync("slow");
        var first = (await TakeAsync())!;
        var waiting = _store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(59));
        _store.Renew("jobs", first.LockToken).ShouldBe(_time.GetUtcNow() + TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(59));
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!.DeliveryCount.ShouldBe(2);
        _store.Complete("jobs", first.LockToken).ShouldBeFalse();
        _store.Renew("jobs", first.LockToken).ShouldBeNull();
    }

    [Fact]
    public async Task A_restart_finds_what_was_ready_scheduled_and_locked_and_remembers_ids()
    {
        await SendAsync("locked", "m-1");
        var locked = (await TakeAsync())!;
        await SendAsync("ready", "m-2");
        await _store.EnqueueAsync("jobs", Message("later", "m-3") with { ScheduledEnqueueTime = _time.GetUtcNow() + TimeSpan.FromSeconds(5) }, default);
        Restart();

        var first = (await TakeAsync())!;
        Body(first).ShouldBe("locked");
        first.DeliveryCount.ShouldBe(2);
        first.SequenceNumber.ShouldBe(locked.SequenceNumber);
        first.Message.Properties["tenant"].GetString().ShouldBe("t1");
        Body((await TakeAsync())!).ShouldBe("ready");
        (await TakeAsync()).ShouldBeNull();
        (await SendAsync("again", "m-2")).ShouldBeFalse();
        _store.Complete("jobs", locked.LockToken).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(5));
        Body((await TakeAsync())!).ShouldBe("later");
    }

    [Fact]
    public async Task A_completed_message_stays_gone_after_a_restart()
    {
        await SendAsync("one");
        _store.Complete("jobs", (await TakeAsync())!.LockToken).ShouldBeTrue();
        Restart();
        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_accepted_survives_the_death_of_the_process_at_that_instant()
    {
        await SendAsync("one", "m-1");
        await SendAsync("two", "m-2");
        var first = (await TakeAsync())!;
        _store.Complete("jobs", first.LockToken);
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(_folder.Path, "queues.db*"))
            File.Copy(file, copy.File(Path.GetFileName(file)));

        // The files as a killed process leaves them: nothing was closed.
        using var survivor = new QueueStore(new QueueStoreOptions { File = copy.File("queues.db"), Queues = ["jobs", Parked] }, _time);

        Body((await survivor.ReceiveAsync("jobs", TimeSpan.Zero, default))!).ShouldBe("two");
        (await survivor.ReceiveAsync("jobs", TimeSpan.Zero, default)).ShouldBeNull();
        (await survivor.EnqueueAsync("jobs", Message("again", "m-1"), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_senders_and_receivers_lose_nothing_and_complete_everything_once()
    {
        const int Messages = 400;
        var completed = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var all = new CancellationTokenSource();
        var receivers = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!all.IsCancellationRequested && await _store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, all.Token) is { } message)
            {
                await Task.Yield();
                // Every third message is given back once.
                if (message.DeliveryCount == 1 && message.SequenceNumber % 3 == 0)
                {
                    _store.Abandon("jobs", message.LockToken).ShouldBeTrue();
                    continue;
                }
                _store.Complete("jobs", message.LockToken).ShouldBeTrue();
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
        _store.Status().Single(q => q.Name == "jobs").ShouldSatisfyAllConditions(q => q.Ready.ShouldBe(0), q => q.InFlight.ShouldBe(0));
    }

    [Fact]
    public async Task A_message_whose_tenth_delivery_died_with_the_process_is_parked_at_the_next_start()
    {
        await SendAsync("poison");
        for (var i = 0; i < 9; i++)
            _store.Abandon("jobs", (await TakeAsync())!.LockToken);
        (await TakeAsync())!.DeliveryCount.ShouldBe(10);
        Restart();

        (await TakeAsync()).ShouldBeNull();
        (await TakeAsync(Parked))!.DeadLetterSource.ShouldBe("jobs");
    }

    [Fact]
    public async Task A_batch_is_taken_whole_without_its_duplicates_or_not_at_all()
    {
        (await _store.EnqueueBatchAsync("jobs", [Message("a", "1"), Message("b", "2"), Message("c", "1")], default)).ShouldBe(2);
        Body((await TakeAsync())!).ShouldBe("a");
        Body((await TakeAsync())!).ShouldBe("b");

        var half = new string('x', 130 * 1024);
        var refusal = await Should.ThrowAsync<QueueException>(async () => await _store.EnqueueBatchAsync("jobs", [Message(half), Message(half)], default));
        refusal.Refusal.ShouldBe(QueueRefusal.TooLarge);
        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_held_queue_accepts_and_delivers_nothing_until_it_is_released()
    {
        var waiting = _store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();
        _store.Hold("JOBS");
        await SendAsync("held");
        (await TakeAsync()).ShouldBeNull();
        waiting.IsCompleted.ShouldBeFalse();
        _store.Status().Single(q => q.Name == "jobs").ShouldSatisfyAllConditions(q => q.Held.ShouldBeTrue(), q => q.Ready.ShouldBe(1));

        _store.Release("jobs");

        Body((await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!).ShouldBe("held");
    }

    [Fact]
    public async Task A_receiver_that_stops_waiting_takes_nothing_with_it()
    {
        using var leaving = new CancellationTokenSource();
        var gone = _store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, leaving.Token).AsTask();
        var timedOut = _store.ReceiveAsync("jobs", TimeSpan.FromSeconds(1), default).AsTask();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(gone);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await timedOut.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeNull();

        await SendAsync("one");

        (await TakeAsync())!.DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task Counters_tell_what_happened_and_can_begin_anew()
    {
        await SendAsync("a", "1");
        await SendAsync("a", "1");
        _store.Abandon("jobs", (await TakeAsync())!.LockToken);
        _store.Complete("jobs", (await TakeAsync())!.LockToken);

        _store.Status().Single(q => q.Name == "jobs").Counts.ShouldBe(new QueueCounts(Sent: 1, Duplicates: 1, Delivered: 2, Completed: 1, Abandoned: 1, DeadLettered: 0, Expired: 0));
        _store.ResetCounters();
        _store.Status().Single(q => q.Name == "jobs").Counts.ShouldBe(new QueueCounts(0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task What_no_queue_takes_is_refused_with_its_reason()
    {
        _store.Dispose();
        _store = Open(o => o with { MaxMessages = 1 });
        (await RefusalAsync("nowhere", Message("x"))).ShouldBe(QueueRefusal.QueueNotFound);
        (await RefusalAsync("jobs/$deadletterqueue", Message("x"))).ShouldBe(QueueRefusal.BadMessage);
        (await RefusalAsync("jobs", Message("x", new string('i', 129)))).ShouldBe(QueueRefusal.BadMessage);
        (await RefusalAsync("jobs", Message(new string('x', 256 * 1024)))).ShouldBe(QueueRefusal.TooLarge);
        await SendAsync("full");
        (await RefusalAsync("jobs", Message("x"))).ShouldBe(QueueRefusal.QuotaExceeded);
    }

    private async Task<QueueRefusal> RefusalAsync(string queue, QueueMessage message) =>
        (await Should.ThrowAsync<QueueException>(async () => await _store.EnqueueAsync(queue, message, default))).Refusal;

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }

    private QueueStore Open(Func<QueueStoreOptions, QueueStoreOptions>? change = null)
    {
        var options = new QueueStoreOptions { File = _folder.File("queues.db"), Queues = ["jobs", Parked] };
        return new QueueStore(change?.Invoke(options) ?? options, _time);
    }

    private async Task AbandonTenTimesAsync(string queue)
    {
        for (var i = 1; i <= 10; i++)
        {
            var message = (await TakeAsync(queue))!;
            message.DeliveryCount.ShouldBe(i);
            _store.Abandon(queue, message.LockToken).ShouldBeTrue();
        }
    }

    private ValueTask<bool> SendAsync(string body, string? id = null) => _store.EnqueueAsync("jobs", Message(body, id), default);

    private ValueTask<LockedMessage?> TakeAsync(string queue = "jobs") => _store.ReceiveAsync(queue, TimeSpan.Zero, default);

    private static QueueMessage Message(string body, string? id = null) => new(Encoding.UTF8.GetBytes(body))
    {
        MessageId = id,
        Properties = new Dictionary<string, JsonElement> { ["tenant"] = JsonElement.Parse("\"t1\"") },
    };

    private static string Body(LockedMessage message) => Encoding.UTF8.GetString(message.Message.Body.Span);
}
