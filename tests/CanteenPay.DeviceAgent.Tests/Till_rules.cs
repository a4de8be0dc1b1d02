using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

public sealed class Till_rules
{
    [Theory]
    [InlineData("12.50", "12.50", 1250)]
    [InlineData("12.505", "12.50", 1250)]
    [InlineData("007", "7", 700)]
    [InlineData("0.05", "0.05", 5)]
    [InlineData("00.5", "0.5", 50)]
    [InlineData(".5", "0.5", 50)]
    [InlineData("1..5", "1.5", 150)]
    [InlineData("12.", "12.", 1200)]
    [InlineData("999999", "99999", 9_999_900)]
    [InlineData("99999.999", "99999.99", 9_999_999)]
    public void Keys_build_an_amount_of_at_most_two_decimals_and_99999_99(string keys, string shown, long fen)
    {
        var keying = TillRig.Online().Keys(keys).State.Face.ShouldBeOfType<Keying>();

        keying.Amount.Text.ShouldBe(shown);
        keying.Amount.Amount.ShouldBe(new Fen(fen));
    }

    [Fact]
    public void Backspace_takes_back_one_key_and_clear_all()
    {
        var rig = TillRig.Online().Keys("12.5");

        rig.Happens(new BackspacePressed(rig.Now));
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.");
        rig.Happens(new ClearPressed(rig.Now));
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.Happens(new BackspacePressed(rig.Now));
        rig.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void Cloud_pay_stores_the_order_with_its_request_and_waits_for_a_QR()
    {
        var rig = TillRig.Online().Keys("12.50");

        var save = rig.Pay().ShouldHaveSingleItem().ShouldBeOfType<Save>();

        save.Unanswered.ShouldBe(Unanswered.Request);
        save.Order.Amount.ShouldBe(new Fen(1250));
        save.Order.Id.Merchant.ShouldBe(TillRig.Merchant);
        rig.State.Face.ShouldBeOfType<WaitingForQr>().Order.ShouldBe(save.Order);
    }

    [Fact]
    public void Cloud_pay_without_a_link_says_so_at_once_and_stores_nothing()
    {
        var rig = new TillRig().Keys("12.50");

        rig.Pay().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.Offline);
        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("12.50");
        rig.Passes(rig.Limits.NoticeStays.TotalSeconds);
        rig.State.Notice.ShouldBeNull();
    }

    [Fact]
    public void Cloud_pay_of_nothing_says_that_the_amount_must_not_be_0()
    {
        var rig = TillRig.Online().Keys("0.00");

        rig.Pay().ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.NoAmount);
    }

    [Fact]
    public void A_full_outbox_makes_no_order()
    {
        var rig = TillRig.Online().Keys("1");

        rig.Happens(new PayPressed(rig.Now, Fresh: null)).ShouldBeEmpty();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.OutboxFull);
    }

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
    public void Cancel_frees_the_till_at_once_and_the_line_keeps_the_order_until_its_result()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();

        rig.Happens(new CancelPressed(rig.Now)).ShouldHaveSingleItem().ShouldBeOfType<Save>().Unanswered.ShouldBe(Unanswered.Cancel);
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Previous!.Stage.ShouldBe(OrderStage.Cancelled);

        rig.Result(order, PayOutcome.Closing, say: false);
        rig.State.Previous!.Stage.ShouldBe(OrderStage.Closing);
        rig.Outbox[order.Id].ShouldBe(Unanswered.None);

        rig.Result(order, PayOutcome.Closed, say: false);
        rig.State.Previous!.Stage.ShouldBe(OrderStage.Closed);
    }

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
    public void The_next_key_after_a_result_starts_the_next_amount()
    {
        var rig = TillRig.Online();
        rig.Result(rig.ShowQr(), PayOutcome.Paid);

        rig.Keys("8");

        rig.State.Face.ShouldBeOfType<Keying>().Amount.Text.ShouldBe("8");
    }

    [Fact]
    public void Enter_after_a_result_only_takes_it_away()
    {
        var rig = TillRig.Online();
        rig.Result(rig.ShowQr(), PayOutcome.Paid);

        rig.Pay().ShouldBeEmpty();

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Notice.ShouldBeNull();
    }

    [Fact]
    public void Paid_for_the_previous_order_is_spoken_as_such_and_leaves_the_present_QR_alone()
    {
        var rig = TillRig.Online();
        var first = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        var second = rig.ShowQr("8");

        var effects = rig.Result(first, PayOutcome.Paid);

        effects.OfType<Speak>().ShouldHaveSingleItem().Utterance.Words.ShouldBe("上一笔支付宝收款十二点五元");
        rig.State.Face.ShouldBeOfType<ShowingQr>().Order.Id.ShouldBe(second.Id);
        rig.State.Previous!.Id.ShouldBe(first.Id);
        rig.State.Previous.Stage.ShouldBe(OrderStage.Paid);
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

    [Fact]
    public void Keys_do_nothing_while_a_diner_pays_except_cancel()
    {
        var rig = TillRig.Online();
        rig.ShowQr();
        var before = rig.State;

        rig.Keys("5.");
        rig.Happens(new ClearPressed(rig.Now));
        rig.Happens(new BackspacePressed(rig.Now));
        rig.Happens(new ListPressed(rig.Now));
        rig.Pay();

        rig.State.ShouldBe(before);
    }

    [Fact]
    public void A_line_that_waits_for_its_result_is_not_replaced_by_a_payment_that_everybody_saw()
    {
        var rig = TillRig.Online();
        var first = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(rig.ShowQr("8"), PayOutcome.Paid);

        rig.Passes(8);

        rig.State.Previous!.Id.ShouldBe(first.Id);
    }

    [Fact]
    public void The_list_closes_by_its_key_by_any_other_and_by_itself()
    {
        var rig = TillRig.Online();

        rig.Happens(new ListPressed(rig.Now));
        rig.State.ListUntil.ShouldNotBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.State.ListUntil.ShouldBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.Keys("1").State.ListUntil.ShouldBeNull();
        rig.Happens(new ListPressed(rig.Now));
        rig.Passes(20);
        rig.State.ListUntil.ShouldBeNull();
    }

    [Fact]
    public void After_a_restart_what_was_on_the_screen_is_cancelled_and_what_was_closing_goes_on()
    {
        var rig = TillRig.Online();
        var requested = new Order { Id = rig.Fresh().Id, Amount = new Fen(1), RequestedAt = rig.Now };
        var closing = requested with { Id = rig.Fresh().Id, Stage = OrderStage.Closing };
        var awaiting = requested with { Id = rig.Fresh().Id, Stage = OrderStage.AwaitingPayment, QrShown = true };

        var step = Till.Recover([requested, closing, awaiting]);

        step.Effects.ShouldBe(
        [
            new Save(requested with { Stage = OrderStage.Cancelled }, Unanswered.Cancel),
            new Save(awaiting with { Stage = OrderStage.Cancelled }, Unanswered.Cancel),
        ]);
        step.State.Previous.ShouldBe(awaiting with { Stage = OrderStage.Cancelled });
        step.State.Face.ShouldBe(Keying.Empty);
    }
}
