using CanteenPay.LocalCloud.ServiceBus;

namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class QueueRestartTests : QueueStoreRig
{
    [Fact]
    public async Task A_restart_finds_what_was_ready_scheduled_and_locked_and_remembers_ids()
    {
        await SendAsync("locked", "m-1");
        var locked = (await TakeAsync())!;
        await SendAsync("ready", "m-2");
        await Store.EnqueueAsync("jobs", Message("later", "m-3") with { ScheduledEnqueueTime = Time.GetUtcNow() + TimeSpan.FromSeconds(5) }, default);
        Restart();

        var first = (await TakeAsync())!;
        Body(first).ShouldBe("locked");
        first.DeliveryCount.ShouldBe(2);
        first.SequenceNumber.ShouldBe(locked.SequenceNumber);
        first.Message.Properties["tenant"].GetString().ShouldBe("t1");
        Body((await TakeAsync())!).ShouldBe("ready");
        (await TakeAsync()).ShouldBeNull();
        (await SendAsync("again", "m-2")).ShouldBeFalse();
        Store.Complete("jobs", locked.LockToken).ShouldBeFalse();
        Time.Advance(TimeSpan.FromSeconds(5));
        Body((await TakeAsync())!).ShouldBe("later");
    }

    [Fact]
    public async Task A_completed_message_stays_gone_after_a_restart()
    {
        await SendAsync("one");
        Store.Complete("jobs", (await TakeAsync())!.LockToken).ShouldBeTrue();
        Restart();
        (await TakeAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_accepted_survives_the_death_of_the_process_at_that_instant()
    {
        await SendAsync("one", "m-1");
        await SendAsync("two", "m-2");
        var first = (await TakeAsync())!;
        Store.Complete("jobs", first.LockToken);
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(Folder.Path, "queues.db*"))
            File.Copy(file, copy.File(Path.GetFileName(file)));

        // The files as a killed process leaves them: nothing was closed.
        using var survivor = new QueueStore(new QueueStoreOptions { File = copy.File("queues.db"), Queues = ["jobs", Parked] }, Time);

        Body((await survivor.ReceiveAsync("jobs", TimeSpan.Zero, default))!).ShouldBe("two");
        (await survivor.ReceiveAsync("jobs", TimeSpan.Zero, default)).ShouldBeNull();
        (await survivor.EnqueueAsync("jobs", Message("again", "m-1"), default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_message_whose_tenth_delivery_died_with_the_process_is_parked_at_the_next_start()
    {
        await SendAsync("poison");
        for (var i = 0; i < 9; i++)
            Store.Abandon("jobs", (await TakeAsync())!.LockToken);
        (await TakeAsync())!.DeliveryCount.ShouldBe(10);
        Restart();

        (await TakeAsync()).ShouldBeNull();
        (await TakeAsync(Parked))!.DeadLetterSource.ShouldBe("jobs");
    }
}
