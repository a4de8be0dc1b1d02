namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class QueueTimeTests : QueueStoreRig
{
    [Fact]
    public async Task A_second_send_with_the_same_id_is_dropped_for_ten_minutes_even_when_the_first_is_done()
    {
        (await SendAsync("one", "m-1")).ShouldBeTrue();
        Store.Complete("jobs", (await TakeAsync())!.LockToken);
        Time.Advance(TimeSpan.FromMinutes(9.9));

        (await SendAsync("two", "m-1")).ShouldBeFalse();
        (await TakeAsync()).ShouldBeNull();
        (await Store.EnqueueAsync(Parked, Message("other queue", "m-1"), default)).ShouldBeTrue();
        Time.Advance(TimeSpan.FromMinutes(0.2));
        (await SendAsync("three", "m-1")).ShouldBeTrue();
        Body((await TakeAsync())!).ShouldBe("three");
    }

    [Fact]
    public async Task A_scheduled_message_wakes_its_waiter_when_it_is_due_and_not_before()
    {
        var due = Time.GetUtcNow() + TimeSpan.FromSeconds(2);
        await Store.EnqueueAsync("jobs", Message("later") with { ScheduledEnqueueTime = due }, default);
        var waiting = Store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();

        Time.Advance(TimeSpan.FromSeconds(1.999));
        waiting.IsCompleted.ShouldBeFalse();
        Store.Status().Single(q => q.Name == "jobs").Scheduled.ShouldBe(1);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!.EnqueuedTime.ShouldBe(due);
    }

    [Fact]
    public async Task Schedules_shrink_with_the_time_scale()
    {
        Store.Dispose();
        Store = Open(o => o with { TimeScale = 0.1 });
        await Store.EnqueueAsync("jobs", Message("later") with { ScheduledEnqueueTime = Time.GetUtcNow() + TimeSpan.FromSeconds(2) }, default);
        Time.Advance(TimeSpan.FromSeconds(0.2));
        (await TakeAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_message_that_outlived_its_time_is_never_delivered()
    {
        await Store.EnqueueAsync("jobs", Message("stale") with { TimeToLive = TimeSpan.FromSeconds(30) }, default);
        await SendAsync("fresh");
        Time.Advance(TimeSpan.FromSeconds(30));

        Body((await TakeAsync())!).ShouldBe("fresh");
        (await TakeAsync()).ShouldBeNull();
        Store.Status().Single(q => q.Name == "jobs").Counts.Expired.ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_that_runs_out_gives_the_message_to_the_next_and_refuses_the_first()
    {
        await SendAsync("slow");
        var first = (await TakeAsync())!;
        var waiting = Store.ReceiveAsync("jobs", Timeout.InfiniteTimeSpan, default).AsTask();
        Time.Advance(TimeSpan.FromSeconds(59));
        Store.Renew("jobs", first.LockToken).ShouldBe(Time.GetUtcNow() + TimeSpan.FromSeconds(60));
        Time.Advance(TimeSpan.FromSeconds(59));
        waiting.IsCompleted.ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(1));

        (await waiting.WaitAsync(TimeSpan.FromSeconds(10)))!.DeliveryCount.ShouldBe(2);
        Store.Complete("jobs", first.LockToken).ShouldBeFalse();
        Store.Renew("jobs", first.LockToken).ShouldBeNull();
    }
}
