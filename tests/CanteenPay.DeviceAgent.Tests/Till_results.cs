using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>What the cloud's results show and say.</summary>
public sealed class Till_results
{
    [Fact]
    public void Paid_turns_the_screen_green_is_stored_acknowledged_and_spoken_in_this_order()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        var effects = rig.Result(order, PayOutcome.Paid);

        effects.Count.ShouldBe(3);
        var stored = effects[0].ShouldBeOfType<Save>().Order;
        (stored.Stage, stored.Spoken, stored.Wallet).ShouldBe((OrderStage.Paid, true, Wallet.Alipay));
        effects[1].ShouldBe(new Acknowledge(order.Id, PayOutcome.Paid, Spoken: true));
        effects[2].ShouldBeOfType<Speak>().Utterance.Words.ShouldBe("支付宝收款十二点五元");
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
        rig.Passes(8);
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Previous!.Stage.ShouldBe(OrderStage.Paid);
    }

    [Fact]
    public void Paid_with_another_amount_is_neither_shown_nor_spoken_nor_acknowledged()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        rig.Result(order, PayOutcome.Paid, new Fen(1)).ShouldHaveSingleItem().ShouldBe(new Ignored(order.Id, IgnoredBecause.AmountDiffers));

        rig.State.Face.ShouldBeOfType<ShowingQr>();
    }

    [Fact]
    public void A_result_for_an_order_that_is_not_here_has_no_effect()
    {
        var rig = TillRig.Online();
        var stranger = new Order { Id = rig.Fresh().Id, Amount = new Fen(1), RequestedAt = rig.Now };

        rig.Result(stranger, PayOutcome.Paid).ShouldHaveSingleItem().ShouldBe(new Ignored(stranger.Id, IgnoredBecause.UnknownOrder));
    }

    [Fact]
    public void A_result_that_comes_twice_is_acknowledged_twice_and_spoken_once()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Result(order, PayOutcome.Paid);
        var green = rig.State;
        rig.Passes(3);

        var effects = rig.Result(order, PayOutcome.Paid);

        effects.ShouldContain(new Acknowledge(order.Id, PayOutcome.Paid, Spoken: true));
        rig.Spoken.Count().ShouldBe(1);
        rig.State.ShouldBe(green, "the second one does not keep the screen green for longer");
    }

    [Theory]
    [InlineData(59_000L, 0, true)]
    [InlineData(59_000L, 2, false)]
    [InlineData(60_000L, 0, false)]
    [InlineData(1000L, 58.9, true)]
    [InlineData(null, 0, false)]
    [InlineData(long.MaxValue, 0, false)]
    public void A_payment_older_than_60_seconds_is_shown_but_not_spoken(long? ageMs, double waited, bool spoken)
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        var effects = rig.Result(order, PayOutcome.Paid, ageMs: ageMs, waitedSeconds: waited);

        rig.Spoken.Any().ShouldBe(spoken);
        effects.ShouldContain(new Acknowledge(order.Id, PayOutcome.Paid, spoken));
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
    }

    [Fact]
    public void Without_say_nothing_is_spoken()
    {
        var rig = TillRig.Online();

        rig.Result(rig.ShowQr(), PayOutcome.Paid, say: false);

        rig.Spoken.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_spoken_has_a_deadline_of_60_seconds_after_the_payment()
    {
        var rig = TillRig.Online();

        rig.Result(rig.ShowQr(), PayOutcome.Paid, ageMs: 20_000);

        rig.Spoken.ShouldHaveSingleItem().NotAfter.ShouldBe(rig.Now.AddSeconds(40));
    }

    [Theory]
    [InlineData(30, 0, 30)]
    [InlineData(90, 0, 40)]
    [InlineData(5, 4, 1)]
    public void The_deadline_is_also_the_end_of_the_message_s_own_life(double expirySeconds, double waitedSeconds, double left)
    {
        var rig = TillRig.Online();

        rig.Result(rig.ShowQr(), PayOutcome.Paid, ageMs: 20_000, waitedSeconds: waitedSeconds, expiry: TimeSpan.FromSeconds(expirySeconds));

        rig.Spoken.ShouldHaveSingleItem().NotAfter.ShouldBe(rig.Now.AddSeconds(left));
    }

    [Fact]
    public void A_message_whose_life_ended_before_its_turn_is_not_spoken()
    {
        var rig = TillRig.Online();

        rig.Result(rig.ShowQr(), PayOutcome.Paid, ageMs: 500, waitedSeconds: 5, expiry: TimeSpan.FromSeconds(5));

        rig.Spoken.ShouldBeEmpty();
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
    }

    [Fact]
    public void Paid_after_closed_is_a_contradiction_shown_as_such_never_green_never_spoken()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(order, PayOutcome.Closed, say: false);

        rig.Result(order, PayOutcome.Paid);

        (rig.Stored[order.Id].Stage, rig.Stored[order.Id].Disputed).ShouldBe((OrderStage.Closed, true));
        rig.State.Previous!.Disputed.ShouldBeTrue();
        rig.Spoken.ShouldBeEmpty();
    }

    [Fact]
    public void Closed_after_paid_does_not_take_the_payment_back()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Result(order, PayOutcome.Paid);

        rig.Result(order, PayOutcome.Closed);

        (rig.Stored[order.Id].Stage, rig.Stored[order.Id].Disputed).ShouldBe((OrderStage.Paid, true));
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Disputed);
        rig.Result(order, PayOutcome.Paid);
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Disputed, "red, never green again");
    }

    [Fact]
    public void Closing_that_comes_late_changes_nothing()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Result(order, PayOutcome.Paid);

        rig.Result(order, PayOutcome.Closing);

        rig.Stored[order.Id].Stage.ShouldBe(OrderStage.Paid);
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
    }

    [Fact]
    public void A_refund_follows_an_end_and_a_late_paid_does_not_undo_it()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(order, PayOutcome.Closed, say: false);

        var effects = rig.Result(order, PayOutcome.Refunded, ageMs: null);
        rig.Result(order, PayOutcome.Paid);

        effects.OfType<Speak>().ShouldHaveSingleItem().Utterance.Words.ShouldBe("上一笔十二点五元已退款");
        rig.Stored[order.Id].Stage.ShouldBe(OrderStage.Refunded);
        rig.Spoken.Count().ShouldBe(1);
    }

    [Fact]
    public void An_order_that_the_cloud_is_closing_is_not_said_to_be_unpaid()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        rig.Result(order, PayOutcome.Closing, say: false);

        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Expired);
        rig.Result(order, PayOutcome.Closed, say: false);
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Closed);
    }
}
