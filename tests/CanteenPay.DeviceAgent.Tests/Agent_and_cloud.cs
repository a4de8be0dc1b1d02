using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>The whole agent against a cloud that the test plays, in time that the test makes.</summary>
public sealed class Agent_and_cloud
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);

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

        await time.PassUntil(() => broker.Published.OfType<PayRequest>().Count() >= 3, TimeSpan.FromMilliseconds(250), "the request again after about 1 and 2 s");
        await time.PassUntil(() => broker.Published.OfType<PayCancel>().Any(), TimeSpan.FromMilliseconds(250), "the cancel after 8 s");
        var requests = broker.Published.OfType<PayRequest>().Count();
        await time.PassUntil(() => broker.Published.OfType<PayCancel>().Count() >= 4, TimeSpan.FromSeconds(1), "the cancel again and again");
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
        (await restarted.ViewAsync("idle")).GetProperty("previous").GetProperty("text").GetProperty("main").GetString().ShouldBe("上一笔 ¥8.00：关闭中… 12:00");
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
    public async Task A_refused_subscription_is_asked_for_again_and_the_till_is_not_online_before()
    {
        broker.RefusedSubscriptions = 2;
        await using var agent = await AgentRig.StartAsync(broker, time);
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.LinkError is not null, "the reason");
        var view = await agent.ViewAsync();
        (view.GetProperty("online").GetBoolean(), view.GetProperty("connectionError").GetString()).ShouldBe((false, "subscribe: Not authorized (135)"));

        await time.PassUntil(() => agent.Part<Screen.ScreenBoard>().Now.State.Online, TimeSpan.FromSeconds(1), "the link");

        (await agent.ViewAsync()).TryGetProperty("connectionError", out _).ShouldBeFalse();
        agent.Part<Cloud.Health>().LastError.ShouldBe("subscribe: Not authorized (135)");
    }

    [Fact]
    public async Task Why_there_is_no_link_stands_on_the_screen_and_in_the_next_status()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        broker.LastError = new("connect to cloud:8883", 142, "Session taken over");
        broker.Become(MqttState.Disconnected);

        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.LinkError is not null, "the reason");
        broker.LastError = null;
        broker.Become(MqttState.Connected);

        await Published<DeviceStatus>(broker, 1, status => status.LastError == "connect to cloud:8883: Session taken over (142)");
    }

    [Fact]
    public async Task A_part_that_fails_ends_the_agent_as_a_failure()
    {
        using var files = new TestFolder();
        using var folder = Store.StateFolder.Take(files.Path);
        await using var failing = new FakeBroker { ReadingFails = new InvalidOperationException("no more") };

        var app = AgentHost.Build(AgentRig.Settings(files.Path), folder, _ => failing, new Peripherals.Speaker.NoSpeaker(), TimeProvider.System);

        (await AgentHost.RunAsync(app)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_full_disk_is_said_on_the_screen_and_once_to_the_operator()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("8", "pay");
        var order = await agent.OrderAsync(_ => true);
        broker.Deliver(QrFor(order));
        await agent.ViewAsync("qr");
        agent.Store.Database.Run("CREATE TRIGGER full BEFORE UPDATE ON orders BEGIN SELECT RAISE(FAIL, 'disk is full'); END");

        await agent.PressAsync("cancel");
        var fault = await agent.ViewAsync("fault");
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Previous is { Stage: OrderStage.Paid }, "the payment in the line");

        fault.GetProperty("headline").GetProperty("main").GetString().ShouldBe("本机故障，请联系管理员");
        broker.Published.OfType<PayResultAck>().ShouldBeEmpty();
        agent.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
        agent.Part<Cloud.Health>().LastError.ShouldNotBeNull().ShouldContain("KeyPressed", Case.Sensitive, "the same fault is not reported anew for a minute");

        agent.Store.Database.Run("DROP TRIGGER full");
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        await Published<PayResultAck>(broker, 1, ack => ack.Spoken);
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

    [Fact]
    public void What_was_not_sent_stays_due_and_what_was_waits()
    {
        var schedule = new Cloud.ResendSchedule(new Random(1));
        var order = new Order { Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device), Amount = new Fen(1), RequestedAt = TillRig.Noon };
        Store.OutboxRow[] waiting = [new(order, Store.OutboxKind.Request), new(order, Store.OutboxKind.Status)];

        schedule.Due(waiting, TillRig.Noon).ShouldBe(waiting);
        schedule.Sent(waiting[0], TillRig.Noon);

        schedule.Due(waiting, TillRig.Noon).ShouldBe([waiting[1]]);
        schedule.Due(waiting, TillRig.Noon.AddSeconds(1.2)).ShouldBe(waiting);
    }

    [Fact]
    public async Task A_request_is_sent_before_the_questions_that_wait()
    {
        using var files = new TestFolder();
        using (var folder = Store.StateFolder.Take(files.Path))
        using (var store = Store.OrderStore.Open(folder, TillRig.Device))
        {
            for (var i = 0; i < 30; i++)
                store.Save(new() { Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device), Amount = new Fen(100), RequestedAt = TillRig.Noon, Stage = OrderStage.Cancelled }, Unanswered.Cancel);
            store.Save(new() { Id = OrderId.New(new DateOnly(2026, 11, 22), TillRig.Merchant, TillRig.Device), Amount = new Fen(100), RequestedAt = TillRig.Noon, Stage = OrderStage.Cancelled }, Unanswered.Request);
        }

        await using var agent = await AgentRig.StartAsync(broker, time, files.Path);
        await Published<PayStatus>(broker, 31);

        broker.Published.First(message => message is PayRequest or PayCancel or PayStatus).ShouldBeOfType<PayRequest>();
        broker.Published.OfType<PayCancel>().Count().ShouldBe(30);
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
