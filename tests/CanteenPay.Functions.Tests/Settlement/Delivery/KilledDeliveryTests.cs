using System.Net;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Tests.Settlement.Exports;

namespace CanteenPay.Functions.Tests.Settlement.Delivery;

/// <summary>Goal: whenever the process dies, finance's system is told, with the same words each time, and the delivery ends.</summary>
public sealed class KilledDeliveryTests
{
    private const int MoreThanAnyDelivery = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delivery_that_is_killed_after_any_step_is_made_nevertheless(bool isMessageLost)
    {
        var steps = 0;
        for (var killAfter = 1; killAfter <= MoreThanAnyDelivery; killAfter++)
        {
            using var desk = new ExportDesk();
            await desk.SettleAsync(World.Merchant, SampleDay.Postings(1));
            desk.Answer = asked => asked == 0 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
            await desk.RunAsync();
            while (isMessageLost && desk.World.ServiceBus.TakeDue(SettlementQueue.Queue) is not null)
                desk.Told.ShouldBeEmpty();
            var happened = desk.World.KillAfter(killAfter);
            await desk.PassAsync(TimeSpan.FromMinutes(9));
            var isKilled = happened();
            desk.World.NobodyIsKilled();
            desk.World.HandlerIsDead = false;
            if (!isKilled)
                break;
            steps = killAfter;
            desk.Told.Count.ShouldBeInRange(2, 3, $"killed after I/O {killAfter}");
            desk.Told.Distinct().ShouldHaveSingleItem($"killed after I/O {killAfter}").Event.ShouldBe("settlement-20261121-r1");
            (await desk.DeliveryAsync())!.State.ShouldBe(DeliveryState.Delivered, $"killed after I/O {killAfter}");
            (await new DeliveryStore(desk.World.Tables).ListOpenAsync(CancellationToken.None).CountAsync()).ShouldBe(0, $"killed after I/O {killAfter}");
        }

        steps.ShouldBeInRange(12, MoreThanAnyDelivery - 1);
    }

    [Fact]
    public async Task A_message_that_is_early_by_a_little_is_taken_and_by_more_is_not()
    {
        using var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(1));
        desk.Answer = asked => asked == 0 ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
        await desk.RunAsync();
        await desk.Deliveries.RunAsync(SampleDay.Day, 1, 0, CancellationToken.None);
        var next = (await desk.DeliveryAsync())!.NextAt.ShouldNotBeNull();

        desk.World.Clock.MoveTo(next.AddSeconds(-6));
        await desk.Deliveries.RunAsync(SampleDay.Day, 1, 1, CancellationToken.None);
        desk.Told.Count.ShouldBe(1);
        desk.World.Clock.MoveTo(next.AddSeconds(-4));
        await desk.Deliveries.RunAsync(SampleDay.Day, 1, 1, CancellationToken.None);

        desk.Told.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_look_posts_twice_at_most()
    {
        using var desk = new ExportDesk();
        await desk.SettleAsync(World.Merchant, SampleDay.Postings(1));
        var store = new DeliveryStore(desk.World.Tables);
        await desk.RunAsync();
        var now = desk.World.Clock.GetUtcNow();
        foreach (var ago in (int[])[0, 3, 1, 2])
        {
            // Overtaken ones of a number of their own, none of which is asked for: only that it was taken up counts.
            var delivery = new DeliveryRow(SampleDay.Day.AddDays(-ago - 1), 1, now.AddHours(-ago - 1)) { NextAt = now.AddHours(-ago - 1) };
            await store.OpenAsync(delivery, CancellationToken.None);
        }

        var sweeper = new DeliverySweeper(store, desk.Deliveries, ExportDesk.Settings);
        await sweeper.SweepAsync(now, CancellationToken.None);

        (await store.ListOpenAsync(CancellationToken.None).Select(open => open.Day).ToListAsync())
            .ShouldBe([SampleDay.Day.AddDays(-2), SampleDay.Day.AddDays(-1), SampleDay.Day], "the two that are behind longest were taken up");
    }
}
