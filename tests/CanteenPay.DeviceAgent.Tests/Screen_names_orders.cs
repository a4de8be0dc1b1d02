using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;
using static CanteenPay.DeviceAgent.Tests.Rig.Waits;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>Whoever watches the page need not guess by amount which order it speaks of.</summary>
public sealed class Screen_names_orders
{
    private readonly FakeBroker broker = new();
    private readonly ManualTime time = new(TillRig.Noon);

    [Fact]
    public async Task The_middle_the_previous_line_and_the_words_each_name_their_own_order()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);
        await agent.PressAsync("5", "pay");
        await Published<PayRequest>(broker, 1);
        var first = broker.Published.OfType<PayRequest>().Single();
        (await agent.ViewAsync("requesting")).GetProperty("orderId").GetString().ShouldBe(first.OrderId.Value);
        await agent.PressAsync("cancel", "5", "pay");
        await Published<PayRequest>(broker, 2);
        var second = broker.Published.OfType<PayRequest>().Last();

        broker.Deliver(TillRig.ResultOf(first.OrderId, first.Amount, PayOutcome.Paid));
        await Eventually.GetAsync(() => agent.Part<Screen.ScreenBoard>().Now.Words, "words");

        var view = await agent.ViewAsync("requesting");
        view.GetProperty("orderId").GetString().ShouldBe(second.OrderId.Value);
        view.GetProperty("previous").GetProperty("orderId").GetString().ShouldBe(first.OrderId.Value);
        view.GetProperty("utterance").GetProperty("orderId").GetString().ShouldBe(first.OrderId.Value);
    }

    [Fact]
    public async Task A_free_till_names_no_order()
    {
        await using var agent = await AgentRig.StartAsync(broker, time);

        (await agent.ViewAsync("idle")).TryGetProperty("orderId", out _).ShouldBeFalse();
    }
}
