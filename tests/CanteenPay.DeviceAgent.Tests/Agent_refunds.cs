using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Refunds through the whole agent: keys, database, messages, screen, voice.</summary>
public sealed class Agent_refunds
{
    private static readonly string[] RightPin = ["2", "4", "6", "8", "pay"];
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);

    private async Task<Order> PayAsync(AgentRig agent)
    {
        await agent.PressAsync("1", "2", "dot", "5", "pay");
        var order = await agent.OrderAsync(found => found.Stage == OrderStage.Requested);
        broker.Deliver(TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid));
        return await agent.OrderAsync(found => found.Stage == OrderStage.Paid);
    }

    private static async Task<System.Text.Json.JsonElement> ListAsync(AgentRig agent)
    {
        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.List is not null, "the list");
        return (await agent.ViewAsync()).GetProperty("history");
    }

    private async Task<Refund> RefundAsync(AgentRig agent)
    {
        await PayAsync(agent);
        await agent.PressAsync(["refund", "pay", .. RightPin]);
        return (await agent.OrderAsync(found => found.Refund is not null)).Refund!;
    }

    [Fact]
    public async Task A_refund_goes_from_the_keys_to_the_cloud_and_its_end_to_the_screen_and_the_voice()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var order = await PayAsync(agent);
        await agent.ViewAsync("paid");

        await agent.PressAsync("refund");
        var amount = await agent.ViewAsync("refund-amount");
        (amount.GetProperty("amount").GetString(), amount.GetProperty("refund").GetProperty("left").GetString()).ShouldBe(("12.50", "12.50"));
        amount.GetProperty("refund").GetProperty("of").GetProperty("main").GetString().ShouldBe("原付款 ¥12.50 支付宝支付成功 12:00:00");
        await agent.PressAsync("5", "pay");
        await agent.ViewAsync("pin");
        await agent.PressAsync(RightPin);
        (await agent.ViewAsync("refunding")).GetProperty("result").GetProperty("main").GetString().ShouldBe("退款处理中 ¥5.00");

        await time.PassUntil(() => broker.Published.OfType<PayRefund>().Count() >= 3, TimeSpan.FromMilliseconds(250), "the refund again after about 1 and 2 s");
        var sent = broker.Published.OfType<PayRefund>().Select(refund => (refund.OrderId, refund.Amount, refund.RefundKey, refund.RequestedAt)).Distinct().ShouldHaveSingleItem();
        (sent.OrderId, sent.Amount, sent.RefundKey.Length, sent.RequestedAt).ShouldBe((order.Id, new Fen(500), PayRefund.RefundKeyLength, TillRig.Noon));

        broker.Deliver(TillRig.RefundResultOf(agent.Store.FindRefund(order.Id, sent.RefundKey)!, RefundProgress.Refunded));
        (await agent.ViewAsync("refunded")).GetProperty("result").GetProperty("main").GetString().ShouldBe("退款成功 ¥5.00");
        await time.PassUntil(() => agent.Part<Screen.ScreenBoard>().Now.Words?.Words == "五元已退款", TimeSpan.FromMilliseconds(250), "the words, after those of the payment");
        agent.Store.Waiting().ShouldBeEmpty();

        await agent.PressAsync("list");
        var row = (await ListAsync(agent)).EnumerateArray().ShouldHaveSingleItem();
        row.GetProperty("stage").GetProperty("main").GetString().ShouldBe("支付宝支付成功");
        row.GetProperty("refund").GetProperty("main").GetString().ShouldBe("已退 ¥5.00");
    }

    [Fact]
    public async Task A_refund_that_the_cloud_has_is_asked_about_each_minute_and_blocks_no_diner()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var refund = await RefundAsync(agent);
        broker.Deliver(TillRig.RefundResultOf(refund, RefundProgress.Pending));
        await agent.OrderAsync(found => found.Refund!.Stage == RefundStage.Pending);
        await Published<PayRefund>(broker, 1);
        var (before, since) = (broker.Published.OfType<PayRefund>().Count(), agent.Part<Cloud.MachineClock>().Steady);

        await time.PassUntil(() => broker.Published.OfType<PayRefund>().Count() > before, TimeSpan.FromSeconds(1), "the question");
        (agent.Part<Cloud.MachineClock>().Steady - since).ShouldBeInRange(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(75));
        await agent.PressAsync("8", "pay");

        await Published<PayRequest>(broker, 1, request => request.Amount == new Fen(800));
    }

    [Fact]
    public async Task A_refund_goes_on_over_a_power_cut_with_the_same_key_and_is_spoken_of_once()
    {
        await using var first = await AgentRig.StartAsync(broker, time);
        var refund = await RefundAsync(first);
        using var asked = first.CutPower();
        var again = new FakeBroker();
        await using var second = await AgentRig.StartAsync(again, time, asked.Path);

        await Published<PayRefund>(again, 1, message => message.RefundKey == refund.Key);
        again.Deliver(TillRig.RefundResultOf(refund, RefundProgress.Refunded));
        await Eventually.IsTrueAsync(() => second.Part<Screen.ScreenBoard>().Now.Words is not null, "the words");
        using var spoken = second.CutPower();
        var third = new FakeBroker();
        await using var silent = await AgentRig.StartAsync(third, time, spoken.Path);
        third.Deliver(TillRig.RefundResultOf(refund, RefundProgress.Refunded));
        third.Deliver(new PayRefused { OrderId = refund.OrderId, Code = RefusalCode.UnknownOrder, Message = new("", "") });
        await silent.PressAsync("7");
        await Eventually.IsTrueAsync(() => silent.Part<Screen.ScreenBoard>().Now.State.Face is Keying { Amount.Text: "7" }, "that all was handled");

        silent.Part<Screen.ScreenBoard>().Now.Words.ShouldBeNull();
        third.Published.OfType<PayRefund>().ShouldBeEmpty();
    }

    [Fact]
    public async Task Five_wrong_PINs_lock_it_for_five_minutes_also_over_a_restart()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await PayAsync(agent);
        await agent.PressAsync("refund", "pay");
        for (var tries = 4; tries > 0; tries--)
        {
            await agent.PressAsync("1", "1", "1", "1", "pay");
            await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Face is EnteringPin { TriesLeft: var left } && left == tries, $"{tries} tries left");
        }

        using var cut = agent.CutPower();
        await using var restarted = await AgentRig.StartAsync(new FakeBroker(), time, cut.Path);
        await Eventually.IsTrueAsync(() => restarted.Part<Cloud.MachineClock>().IsLearnt, "the time");
        await restarted.PressAsync("refund", "pay", "1", "1", "1", "1", "pay");
        await Eventually.IsTrueAsync(() => restarted.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.PinLocked, "the lock");
        await restarted.PressAsync("refund");
        (await restarted.ViewAsync("idle")).GetProperty("headline").GetProperty("main").GetString().ShouldBe("密码已锁定，请 5 分钟后再试");

        var guard = restarted.Part<PinGuard>();
        guard.Lock.ShouldBe(PinLock.Locked);
        time.Pass(TimeSpan.FromMinutes(5));
        guard.Lock.ShouldBe(PinLock.Open);
        await restarted.PressAsync(["refund", "pay", .. RightPin]);
        await restarted.ViewAsync("refunding");
    }

    [Fact]
    public async Task The_PIN_is_neither_in_the_view_nor_in_the_log()
    {
        const string Digits = "97531864";
        using var files = new TestFolder();
        var settings = AgentRig.Settings(files.Path) with { ManagerPin = ManagerPin.Of(Digits, iterations: 1000) };
        await using (var agent = await AgentRig.StartAsync(_ => broker, time, files.Path, settings))
        {
            await PayAsync(agent);
            await agent.PressAsync(["refund", "pay", .. Digits.Select(digit => $"{digit}")]);
            await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Face is EnteringPin { Pin.Length: 8 }, "the PIN");
            var view = await agent.ViewAsync("pin");
            view.GetProperty("refund").GetProperty("dots").GetInt32().ShouldBe(8);
            view.ToString().ShouldNotContain(Digits);
            await agent.PressAsync("pay");
            await agent.ViewAsync("refunding");
        }

        var log = await File.ReadAllTextAsync(Directory.GetFiles(files.File("logs")).Single());
        log.ShouldContain("Refund ");
        log.ShouldNotContain(Digits);
    }

    [Fact]
    public async Task A_machine_without_a_PIN_says_that_refunds_are_off()
    {
        using var files = new TestFolder();
        await using var agent = await AgentRig.StartAsync(_ => broker, time, files.Path, AgentRig.Settings(files.Path) with { ManagerPin = null });
        await PayAsync(agent);

        await agent.PressAsync("refund");

        await Eventually.IsTrueAsync(() => agent.Part<Screen.ScreenBoard>().Now.State.Notice?.Notice == Notice.RefundOff, "the words");
    }

    [Fact]
    public async Task A_row_that_is_touched_is_chosen_and_refunded()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        var order = await PayAsync(agent);
        await agent.PressAsync("list");
        using var touch = new HttpRequestMessage(HttpMethod.Post, $"/orders/{order.Id}/choose") { Headers = { { "X-Canteen-Key", "1" } } };

        (await agent.Http.SendAsync(touch)).EnsureSuccessStatusCode();
        await agent.PressAsync("refund");

        (await agent.ViewAsync("refund-amount")).GetProperty("refund").GetProperty("orderId").GetString().ShouldBe(order.Id.Value);
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/orders/{order.Id}/choose") { Headers = { { "Origin", "https://evil.example" }, { "X-Canteen-Key", "1" } } };
        ((int)(await agent.Http.SendAsync(foreign)).StatusCode).ShouldBe(403);
    }
}
