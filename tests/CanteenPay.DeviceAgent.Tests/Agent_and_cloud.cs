using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>The whole agent against a cloud that the test plays, in time that the test makes.</summary>
public sealed class Agent_and_cloud
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);

    private static Task Published<T>(FakeBroker broker, int count, Func<T, bool>? looks = null)
        where T : DeviceMessage =>
        Eventually.IsTrueAsync(() => broker.Published.OfType<T>().Count(looks ?? (_ => true)) >= count, $"{count} × {typeof(T).Name}");

    /// <summary>Lets time pass in steps small enough that what a step sets off can happen before the next.</summary>
    private async Task PassUntil(Func<bool> condition, TimeSpan step, int most, string what)
    {
        for (var i = 0; i < most && !condition(); i++)
        {
            time.Pass(step);
            await Task.Delay(5);
        }

        await Eventually.IsTrueAsync(condition, what);
    }

    private static PayQr QrFor(Order order) => new() { OrderId = order.Id, Amount = order.Amount, Qr = "https://bank.example/qr?a=1", ExpiresInS = 120 };

    [Fact]
    public async Task A_diner_pays_and_the_screen_says_so()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("1", "2", "dot", "5", "0", "pay");
        await Published<PayRequest>(broker, 1);
        var request = broker.Published.OfType<PayRequest>().Single();
        (request.Amount, request.MerchantId, request.ExpiresInS).ShouldBe((new Fen(1250), TillRig.Merchant, 120));
        await agent.ViewAsync("requesting");

        broker.Deliver(QrFor((await agent.OrderAsync(_ => true))));
        var qr = await agent.ViewAsync("qr");
        qr.GetProperty("qr").GetProperty("path").GetString().ShouldStartWith("M4 4h7v1h-7z", Case.Sensitive, "a finder pattern behind a quiet zone of four modules");
        qr.GetProperty("countdown").GetProperty("totalMs").GetInt64().ShouldBe(120_000);

        broker.Deliver(TillRig.ResultOf(request.OrderId, request.Amount, PayOutcome.Paid));
        var paid = await agent.ViewAsync("paid");
        paid.GetProperty("result").GetProperty("main").GetString().ShouldBe("支付成功 ¥12.50");
        await Published<PayResultAck>(broker, 1, ack => ack is { Outcome: PayOutcome.Paid, Spoken: true });
        await Eventually.GetAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words, "words");
        var utterance = (await agent.ViewAsync()).GetProperty("utterance");
        utterance.GetProperty("words").GetString().ShouldBe("支付宝收款十二点五元");
        (await agent.Http.GetByteArrayAsync(utterance.GetProperty("url").GetString())).Length.ShouldBeGreaterThan(44);
    }

    [Fact]
    public async Task A_request_is_sent_again_until_the_screen_gives_up_and_then_the_cancel_until_it_is_answered()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        await Published<PayRequest>(broker, 1);

        await PassUntil(() => broker.Published.OfType<PayRequest>().Count() >= 3, TimeSpan.FromMilliseconds(250), 30, "the request again after about 1 and 2 s");
        await PassUntil(() => broker.Published.OfType<PayCancel>().Any(), TimeSpan.FromMilliseconds(250), 60, "the cancel after 8 s");
        var requests = broker.Published.OfType<PayRequest>().Count();
        await PassUntil(() => broker.Published.OfType<PayCancel>().Count() >= 4, TimeSpan.FromSeconds(1), 60, "the cancel again and again");
        broker.Published.OfType<PayRequest>().Count().ShouldBe(requests, "a request is not sent once the cancel is");

        var order = await agent.OrderAsync(_ => true);
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Closed, say: false));
        await agent.OrderAsync(found => found.Stage == OrderStage.Closed);
        agent.Store.Waiting().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_sent_without_a_link_and_everything_when_it_comes_back()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        var order = await agent.OrderAsync(_ => true);
        broker.Deliver(QrFor(order));
        await agent.ViewAsync("qr");
        broker.Become(MqttState.Disconnected);
        await agent.PressAsync("cancel");
        await agent.OrderAsync(found => found.Stage == OrderStage.Cancelled);
        broker.Published.OfType<PayCancel>().ShouldBeEmpty();
        await agent.PressAsync("5", "pay");
        (await agent.ViewAsync("offline")).GetProperty("headline").GetProperty("main").GetString().ShouldBe("网络未连接，无法云支付");

        broker.Become(MqttState.Connected);

        await Published<PayCancel>(broker, 1, cancel => cancel.OrderId == order.Id);
        await Published<PayStatus>(broker, 1, status => status.OrderId == order.Id);
    }

    [Fact]
    public async Task An_agent_that_was_killed_cancels_what_was_on_its_screen_and_asks_about_it()
    {
        using var files = new TestFolder();
        OrderId order;
        await using (var agent = await AgentRig.StartAsync(broker, time, files.Path))
        {
            await agent.PressAsync("8", "pay");
            order = (await agent.OrderAsync(_ => true)).Id;
            broker.Deliver(QrFor(await agent.OrderAsync(_ => true)));
            await agent.ViewAsync("qr");
        }

        var again = new FakeBroker();
        await using var restarted = await AgentRig.StartAsync(again, time, files.Path);

        await Published<PayCancel>(again, 1, cancel => cancel.OrderId == order);
        await Published<PayStatus>(again, 1, status => status.OrderId == order);
        (await restarted.ViewAsync("idle")).GetProperty("previous").GetProperty("text").GetProperty("main").GetString().ShouldBe("上一笔 ¥8.00：关闭中…");
    }

    [Fact]
    public async Task An_order_that_was_spoken_of_is_not_spoken_of_after_a_restart()
    {
        using var files = new TestFolder();
        Order order;
        await using (var agent = await AgentRig.StartAsync(broker, time, files.Path))
        {
            await agent.PressAsync("8", "pay");
            order = await agent.OrderAsync(_ => true);
            broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
            await Published<PayResultAck>(broker, 1);
        }

        var again = new FakeBroker();
        await using var restarted = await AgentRig.StartAsync(again, time, files.Path);
        again.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));

        await Published<PayResultAck>(again, 1, ack => ack.OrderId == order.Id);
        restarted.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
    }

    [Fact]
    public async Task The_cloud_s_time_is_learnt_from_the_answer_to_the_last_status_and_used_for_orders()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await Published<DeviceStatus>(broker, 1);
        var status = broker.Published.OfType<DeviceStatus>().First();
        var clock = agent.Part<Cloud.MachineClock>();
        broker.Deliver(new StatusAck { InReplyTo = "another", Now = TillRig.Noon.AddDays(9) });
        broker.Deliver(new StatusAck { InReplyTo = status.Id, Now = TillRig.Noon.AddHours(20) });
        await Eventually.IsTrueAsync(() => clock.Offset != TimeSpan.Zero, "the offset");

        await agent.PressAsync("8", "pay");

        clock.Offset.ShouldBe(TimeSpan.FromHours(20));
        (await agent.OrderAsync(_ => true)).Id.Day.ShouldBe(new DateOnly(2026, 11, 23));
    }

    [Fact]
    public void An_answer_that_took_5_seconds_or_longer_says_nothing_about_the_time()
    {
        var clock = new Cloud.MachineClock(time);
        var asked = clock.Steady;

        clock.Learn(asked.AddHours(1), asked, asked.AddSeconds(5)).ShouldBeFalse();
        clock.Learn(asked.AddHours(1), asked, asked.AddSeconds(4)).ShouldBeTrue();

        clock.Offset.ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void A_system_clock_that_is_set_moves_no_deadline()
    {
        var clock = new Cloud.MachineClock(time);
        var before = clock.Steady;

        time.WallClockJump = TimeSpan.FromDays(-300);
        time.Pass(TimeSpan.FromSeconds(1));

        (clock.Steady - before).ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_status_is_sent_again_until_it_is_answered_and_then_each_5_minutes()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        int Statuses() => broker.Published.OfType<DeviceStatus>().Count();
        await Published<DeviceStatus>(broker, 1);
        await PassUntil(() => Statuses() >= 2, TimeSpan.FromSeconds(1), 80, "the status again");
        broker.Deliver(new StatusAck { InReplyTo = broker.Published.OfType<DeviceStatus>().Last().Id, Now = TillRig.Noon.AddHours(1) });
        await Eventually.IsTrueAsync(() => agent.Part<Cloud.MachineClock>().Offset != TimeSpan.Zero, "the answer");
        var answered = Statuses();

        await PassUntil(() => Statuses() > answered, TimeSpan.FromSeconds(10), 60, "the next status");

        Statuses().ShouldBeInRange(answered + 1, answered + 2, "one that was due when the answer came, and the one after 5 minutes");
    }

    [Fact]
    public async Task What_is_not_a_message_is_left_aside()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        broker.DeliverRaw(Topics.PaymentsDown(TillRig.Device), "{"u8.ToArray());
        broker.DeliverRaw(Topics.PaymentsDown(TillRig.Device), "{\"type\":\"pay-qr\",\"v\":2}"u8.ToArray());
        await agent.PressAsync("8", "pay");
        var order = await agent.OrderAsync(_ => true);

        broker.Deliver(QrFor(order));

        await agent.ViewAsync("qr");
    }

    [Fact]
    public async Task The_broker_is_told_what_to_say_when_the_machine_is_gone()
    {
        using var files = new TestFolder();
        MqttOptions? used = null;
        await using (await AgentRig.StartAsync(options => { used = options; return broker; }, time, files.Path, null))
        {
            used!.ClientId.ShouldBe("DEVMACH1");
            used.Will!.Topic.ShouldBe(Topics.StatusUp(TillRig.Device));
        }

        broker.Published.Last().ShouldBeOfType<DeviceOffline>("an orderly end says goodbye itself");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(3, 8)]
    [InlineData(6, 60)]
    [InlineData(1000, 60)]
    public void The_wait_doubles_up_to_a_minute_jittered_by_a_fifth(int sentBefore, double seconds)
    {
        var schedule = new Cloud.ResendSchedule(new Random(1));

        var waits = Enumerable.Range(0, 100).Select(_ => schedule.Backoff(sentBefore).TotalSeconds).ToList();

        waits.ShouldAllBe(wait => wait >= 0.8 * seconds && wait <= 1.2 * seconds);
        waits.Distinct().Count().ShouldBeGreaterThan(50);
    }
}
