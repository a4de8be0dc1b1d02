using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>From the request to the QR, or to a refusal.</summary>
public sealed class Till_before_payment
{
    [Fact]
    public void No_QR_within_8_seconds_cancels_the_order_and_says_that_the_network_is_busy()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Passes(7.9).ShouldBeEmpty();
        rig.Passes(0.1).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.Cancel);

        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.NoQr);
        rig.Stored[order.Id].Stage.ShouldBe(OrderStage.Cancelled);
        rig.Passes(8);
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Previous!.Id.ShouldBe(order.Id);
    }

    [Fact]
    public void A_QR_is_shown_for_the_order_on_the_screen()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Qr(order).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.None);

        var shown = rig.State.Face.ShouldBeOfType<ShowingQr>();
        shown.Qr.ShouldBe("https://bank/qr");
        (shown.Until - shown.From).ShouldBe(TimeSpan.FromSeconds(120));
    }

    [Fact]
    public void A_QR_with_less_time_left_is_shown_for_that_time()
    {
        var rig = TillRig.Online();
        rig.Qr(rig.Ask(), expires: 40);

        var shown = rig.State.Face.ShouldBeOfType<ShowingQr>();

        (shown.Until - shown.From).ShouldBe(TimeSpan.FromSeconds(40));
    }

    [Fact]
    public void A_QR_with_another_amount_is_never_shown()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Qr(order, new Fen(1251)).ShouldHaveSingleItem().ShouldBe(new Ignored(order.Id, IgnoredBecause.AmountDiffers));

        rig.State.Face.ShouldBeOfType<WaitingForQr>();
    }

    [Fact]
    public void A_QR_of_a_cancelled_order_is_not_shown_for_the_next_one()
    {
        var rig = TillRig.Online();
        var first = rig.Ask();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Ask();

        rig.Qr(first);

        rig.State.Face.ShouldBeOfType<WaitingForQr>();
        rig.Outbox[first.Id].ShouldBe(Unanswered.Cancel);
    }

    [Theory]
    [InlineData("", 120)]
    [InlineData("https://bank/qr", 0)]
    public void A_QR_that_cannot_be_scanned_is_not_shown(string text, int expires)
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Qr(order, text: text, expires: expires).ShouldHaveSingleItem().ShouldBe(new Ignored(order.Id, IgnoredBecause.UnusableQr));
    }

    [Fact]
    public void A_QR_that_nobody_paid_expires_and_the_order_is_cancelled()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        rig.Passes(119.9).ShouldBeEmpty();
        rig.Passes(0.1).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.Cancel);

        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Expired);
        rig.Stored[order.Id].Stage.ShouldBe(OrderStage.Cancelled);
    }

    [Fact]
    public void Paid_after_the_QR_expired_turns_that_very_screen_green_while_no_other_order_is_there()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Passes(120);

        var effects = rig.Result(order, PayOutcome.Paid);

        effects.OfType<Speak>().ShouldHaveSingleItem().Utterance.Words.ShouldBe("支付宝收款十二点五元");
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Paid);
        rig.State.Previous.ShouldBeNull();
    }

    [Fact]
    public void A_refusal_is_shown_in_the_clouds_own_words()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Refuse(order).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.None);

        var ended = rig.State.Face.ShouldBeOfType<Ended>();
        (ended.Ending, ended.Order.Refusal!.Zh).ShouldBe((Ending.Refused, "渠道拒绝"));
    }

    [Fact]
    public void A_refusal_does_not_end_an_order_whose_QR_was_shown()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        rig.Refuse(order, RefusalCode.RequestTooOld);

        rig.State.Face.ShouldBeOfType<ShowingQr>();
        rig.Stored[order.Id].Stage.ShouldBe(OrderStage.AwaitingPayment);
    }

    [Fact]
    public void That_the_cloud_does_not_know_the_order_yet_ends_nothing()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();

        rig.Refuse(order, RefusalCode.UnknownOrder);

        rig.State.Face.ShouldBeOfType<WaitingForQr>();
        rig.Outbox[order.Id].ShouldBe(Unanswered.Request);
    }

    [Fact]
    public void An_order_for_which_no_QR_can_be_had_gets_one_successor_while_the_diner_stands_there()
    {
        var rig = TillRig.Online();
        var first = rig.Ask();

        rig.Result(first, PayOutcome.Closing, say: false);
        var second = rig.State.Face.ShouldBeOfType<WaitingForQr>().Order;
        rig.Result(second, PayOutcome.Closing, say: false);

        (second.RetryOf, second.Amount).ShouldBe((first.Id, first.Amount));
        rig.Stored[first.Id].Stage.ShouldBe(OrderStage.Closing);
        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.NoQr, "one successor, not a chain of them");
    }

    [Fact]
    public void An_order_that_was_cancelled_gets_no_successor()
    {
        var rig = TillRig.Online();
        var order = rig.Ask();
        rig.Happens(new CancelPressed(rig.Now));

        rig.Result(order, PayOutcome.Closing, say: false);

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.Stored.Count.ShouldBe(1);
    }
}
