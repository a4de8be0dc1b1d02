using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Wrong clocks, power cuts, full disks, and words of the cloud in the worst order.</summary>
public sealed class Agent_when_things_fail
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);

    private static PayQr QrFor(Order order) => new() { OrderId = order.Id, Amount = order.Amount, Qr = "https://bank.example/qr?a=1", ExpiresInS = 120 };

    private static async Task<Order> AskAsync(AgentRig agent)
    {
        var before = agent.Store.Newest(1) is [var newest] ? newest.Id : (OrderId?)null;
        await agent.PressAsync("8", "pay");
        return await agent.OrderAsync(found => found.Id != before);
    }

    private async Task<Order> ShowQrAsync(AgentRig agent)
    {
        var order = await AskAsync(agent);
        broker.Deliver(QrFor(order));
        await agent.ViewAsync("qr");
        return order;
    }

    [Theory]
    [InlineData(-365)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(365)]
    public async Task A_machine_whose_clock_is_days_wrong_waits_for_the_cloud_s_time_and_makes_the_order_with_that(int days)
    {
        broker.AnswersStatus = false;
        await using var agent = await AgentRig.StartAsync(broker, new ManualTime(TillRig.Noon.AddDays(days)));
        await Published<DeviceStatus>(broker, 1);
        await agent.PressAsync("8", "pay");
        (await agent.ViewAsync("requesting")).GetProperty("headline").GetProperty("main").GetString().ShouldBe("正在校准时间…");
        agent.Store.Newest(1).ShouldBeEmpty();

        broker.Deliver(new StatusAck { InReplyTo = broker.Published.OfType<DeviceStatus>().Last().Id, Now = TillRig.Noon });

        await Published<PayRequest>(broker, 1);
        var request = broker.Published.OfType<PayRequest>().Single();
        (request.OrderId.Day, request.RequestedAt).ShouldBe((new DateOnly(2026, 11, 22), TillRig.Noon));
    }

    [Fact]
    public async Task A_cloud_that_answers_no_status_does_not_stop_payments()
    {
        broker.AnswersStatus = false;
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        await agent.ViewAsync("requesting");

        await time.PassUntil(() => broker.Published.OfType<PayRequest>().Any(), TimeSpan.FromMilliseconds(250), "the request, by the machine's own clock");

        agent.Part<Cloud.MachineClock>().Steady.ShouldBeGreaterThanOrEqualTo(TillRig.Noon.AddSeconds(3));
        await agent.PressAsync("cancel", "refund");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.ClockUnknown, "no refund without the cloud's time");
    }

    [Theory]
    [InlineData(OrderStage.Requested)]
    [InlineData(OrderStage.AwaitingPayment)]
    [InlineData(OrderStage.Cancelled)]
    [InlineData(OrderStage.Closing)]
    public async Task After_a_power_cut_in_any_stage_the_order_goes_on_in_the_line_and_is_spoken_of_once(object stage)
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var order = await AskAsync(agent);
        if (stage is not OrderStage.Requested)
        {
            broker.Deliver(QrFor(order));
            await agent.ViewAsync("qr");
        }

        if (stage is OrderStage.Cancelled or OrderStage.Closing)
            await agent.PressAsync("cancel");
        if (stage is OrderStage.Closing)
            broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Closing, say: false));
        await agent.OrderAsync(found => found.Stage == (OrderStage)stage);
        using var cut = agent.CutPower();

        var again = new FakeBroker();
        await using var restarted = await AgentRig.StartAsync(again, time, cut.Path);
        await Published<PayStatus>(again, 1, status => status.OrderId == order.Id);
        again.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        await Published<PayResultAck>(again, 1, ack => ack is { Outcome: PayOutcome.Paid, Spoken: true });

        (await restarted.ViewAsync("idle")).GetProperty("previous").GetProperty("text").GetProperty("main").GetString().ShouldBe("上一笔 ¥8.00：支付宝支付成功 12:00");
        await Eventually.IsTrueAsync(() => restarted.Part<Screen.ScreenBoard>().Now.Words?.Words == "上一笔支付宝收款八元", "the words");
        using var cutAgain = restarted.CutPower();
        var third = new FakeBroker();
        await using var silent = await AgentRig.StartAsync(third, time, cutAgain.Path);
        third.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        await Published<PayResultAck>(third, 1, ack => ack is { Outcome: PayOutcome.Paid, Spoken: true });
        silent.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
    }

    [Fact]
    public async Task The_payment_of_a_cancelled_order_does_not_turn_the_QR_of_the_next_one_of_the_same_amount_green()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var first = await ShowQrAsync(agent);
        await agent.PressAsync("cancel");
        await Published<PayCancel>(broker, 1, cancel => cancel.OrderId == first.Id);
        time.Pass(TimeSpan.FromSeconds(1));
        var second = await ShowQrAsync(agent);

        broker.Deliver(TillRig.ResultOf(first.Id, first.Amount, PayOutcome.Paid));
        await Published<PayResultAck>(broker, 1, ack => ack.OrderId == first.Id);

        var view = await agent.ViewAsync("qr");
        view.GetProperty("previous").GetProperty("text").GetProperty("main").GetString().ShouldStartWith("上一笔 ¥8.00：支付宝支付成功");
        agent.Store.Find(second.Id)!.Stage.ShouldBe(OrderStage.AwaitingPayment);
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "上一笔支付宝收款八元", "the words");
    }

    [Fact]
    public async Task A_payment_after_closed_is_in_the_line_and_in_the_list_and_asked_about_until_it_is_refunded()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var order = await ShowQrAsync(agent);
        await agent.PressAsync("cancel");
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Closed, say: false));
        await agent.OrderAsync(found => found.Stage == OrderStage.Closed);

        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Refunding));
        await agent.OrderAsync(found => found.Stage == OrderStage.Refunding);
        await agent.PressAsync("list");
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.List is not null, "the list");
        var view = await agent.ViewAsync();
        view.GetProperty("previous").GetProperty("text").GetProperty("main").GetString().ShouldBe("上一笔 ¥8.00：迟到付款，退款中 12:00");
        view.GetProperty("history")[0].GetProperty("stage").GetProperty("main").GetString().ShouldBe("迟到付款，退款中");
        await time.PassUntil(() => broker.Published.OfType<PayStatus>().Any(status => status.OrderId == order.Id), TimeSpan.FromSeconds(5), "the question");

        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Refunded, say: false));
        await agent.OrderAsync(found => found.Stage == OrderStage.Refunded && found.RefundedSoFar == order.Amount);
        agent.Store.Waiting().ShouldBeEmpty();
        agent.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
    }

    [Fact]
    public async Task A_disk_that_is_really_full_refuses_orders_in_words_breaks_nothing_and_works_again_with_space()
    {
        using var files = new TestFolder();
        var settings = AgentRig.Settings(files.Path) with { Disk = new() { DatabaseBytes = 24 * 4096 } };
        await using var agent = await AgentRig.StartAsync(_ => broker, time, files.Path, settings);
        Fill(agent.Store);

        // Some page may still have room for one more small row.
        TillState Shown() => agent.Part<Screen.ScreenBoard>().Now.State;
        bool IsFault() => Shown().Notice?.Notice == Notice.Fault;
        for (var tries = 0; tries < 50 && !IsFault(); tries++)
        {
            await agent.PressAsync("8", "pay");
            await Eventually.IsTrueAsync(() => IsFault() || Shown().OpenOnScreen is not null, "an order or the fault");
            if (IsFault())
                break;
            await agent.PressAsync("cancel");
            await Eventually.IsTrueAsync(() => IsFault() || Shown().OpenOnScreen is null, "the end of it or the fault");
        }

        (await agent.ViewAsync("fault")).GetProperty("headline").GetProperty("main").GetString().ShouldBe("本机故障，请联系管理员");
        agent.Part<Cloud.Health>().LastError.ShouldNotBeNull().ShouldContain("full");
        broker.Published.OfType<PayRequest>().ShouldAllBe(request => agent.Store.Find(request.OrderId) != null);
        DatabaseDamage.Look(agent.Store.Database.Connection);
        agent.Store.Database.Run("DELETE FROM orders WHERE ended = 1");

        time.Pass(TimeSpan.FromSeconds(5));
        await agent.PressAsync("clear", "9", "pay");
        await agent.ViewAsync("requesting");
        await Published<PayRequest>(broker, 1, request => request.Amount == new Fen(900));
    }

    private static void Fill(OrderStore store)
    {
        for (var (failures, length) = (0, 2000); failures < 40;)
        {
            try
            {
                store.Save(
                    new()
                    {
                        Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device),
                        Amount = new Fen(1),
                        RequestedAt = TillRig.Noon,
                        Stage = OrderStage.Refused,
                        Refusal = new(new('x', length), ""),
                    },
                    Unanswered.None);
            }
            catch (SqliteException)
            {
                (failures, length) = (failures + 1, 1);
            }
        }
    }

    [Fact]
    public async Task The_log_rolls_by_size_and_stays_bounded()
    {
        const int Bytes = 4000;
        using var files = new TestFolder();
        var settings = AgentRig.Settings(files.Path) with { Disk = new() { LogFileBytes = Bytes, LogFiles = 3 } };
        await using (var agent = await AgentRig.StartAsync(_ => broker, time, files.Path, settings))
        {
            for (var i = 0; i < 300; i++)
                broker.DeliverRaw(Topics.PaymentsDown(TillRig.Device), "{"u8.ToArray());
            await ShowQrAsync(agent);
        }

        var logs = new DirectoryInfo(files.File("logs")).GetFiles();
        logs.Length.ShouldBe(3, "older ones went");
        logs.Sum(log => log.Length).ShouldBeLessThan(3 * (Bytes + 1000));
        logs.ShouldAllBe(log => log.Name != "agent.log", "the first one is long gone");
    }

    [Fact]
    public async Task A_full_outbox_is_said_on_the_screen_and_makes_no_order()
    {
        using var files = new TestFolder();
        using (var folder = StateFolder.Take(files.Path))
            OrderStore.Open(folder, TillRig.Device).Dispose();
        ManyOrders.Add(files.File("agent.db"), Enumerable.Range(0, OrderStore.MaxUnanswered).Select(_ => ManyOrders.Order(OrderStage.Cancelled)), withCancel: true);

        await using var agent = await AgentRig.StartAsync(broker, time, files.Path);
        await agent.PressAsync("8", "pay");

        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.OutboxFull, "the words");
        (await agent.ViewAsync()).GetProperty("headline").GetProperty("main").GetString().ShouldBe("待发送消息过多，请稍后再试");
        broker.Published.OfType<PayRequest>().ShouldBeEmpty();
    }
}
