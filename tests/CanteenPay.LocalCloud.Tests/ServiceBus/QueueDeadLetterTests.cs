namespace CanteenPay.LocalCloud.Tests.ServiceBus;

public sealed class QueueDeadLetterTests : QueueStoreRig
{
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
        Store.Status().Single(q => q.Name == Parked).DeadLetters.ShouldBe(1);
        for (var i = 0; i < 20; i++)
        {
            Store.Abandon(ParkedDead, dead.LockToken).ShouldBeTrue();
            dead = (await TakeAsync(ParkedDead)).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Without_a_parked_queue_dead_letters_stay_with_their_queue()
    {
        Store.Dispose();
        Store = Open(o => o with { Queues = ["jobs"] });
        await SendAsync("poison");
        await AbandonTenTimesAsync("jobs");

        (await TakeAsync("jobs/$deadletterqueue")).ShouldNotBeNull().DeadLetterSource.ShouldBeNull();
    }
}
