using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>A manager gives money back: 退款, amount, PIN.</summary>
public sealed class Till_refunds
{
    [Fact]
    public void The_payment_on_the_screen_is_refunded_in_full_unless_less_is_keyed()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();

        rig.PressRefund();
        rig.State.Face.ShouldBeOfType<EnteringRefund>().Amount.ShouldBe(new Fen(1250));
        rig.Pay().ShouldBeEmpty();
        rig.State.Face.ShouldBeOfType<EnteringPin>().Purpose.ShouldBeOfType<AllowRefund>().Amount.ShouldBe(new Fen(1250));
        var save = rig.EnterPin().ShouldHaveSingleItem().ShouldBeOfType<SaveRefund>();

        (save.Order.Id, save.Refund.Amount, save.Refund.Stage, save.Order.Refund).ShouldBe((order.Id, new Fen(1250), RefundStage.Requested, save.Refund));
        rig.State.Face.ShouldBeOfType<RefundShown>().Refund.ShouldBe(save.Refund);
    }

    [Fact]
    public void A_part_is_refunded_and_then_no_more_than_the_rest()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        var first = rig.AskRefund("5");
        rig.RefundResult(first, RefundProgress.Refunded);

        rig.PressRefund();
        rig.State.Face.ShouldBeOfType<EnteringRefund>().Amount.ShouldBe(new Fen(750));
        rig.Keys("7.51").Pay();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundTooMuch);
        rig.State.Face.ShouldBeOfType<EnteringRefund>();
    }

    [Fact]
    public void The_previous_payment_is_one_key_away_and_the_chosen_one_of_the_list_two()
    {
        var rig = TillRig.Online();
        var first = rig.PaidOrder();
        var second = rig.PaidOrder("8");
        rig.Passes(8);
        rig.State.RefundTarget.ShouldBe(second.Id);

        rig.Happens(new ListPressed(rig.Now));
        rig.PressRefund();
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundNone, "nothing is chosen yet");
        rig.Happens(new RowTouched(rig.Now, first.Id));
        rig.PressRefund();

        rig.State.Face.ShouldBeOfType<EnteringRefund>().Order.Id.ShouldBe(first.Id);
        rig.State.ListUntil.ShouldBeNull();
    }

    [Fact]
    public void Arrow_keys_move_the_choice_and_stop_at_both_ends()
    {
        var rig = TillRig.Online();
        Order[] list = [rig.PaidOrder("1"), rig.PaidOrder("2"), rig.PaidOrder("3")];
        rig.Happens(new ListPressed(rig.Now));

        OrderId? Move(int by)
        {
            rig.Happens(new MovePressed(rig.Now, by, list));
            return rig.State.Chosen;
        }

        Move(1).ShouldBe(list[0].Id);
        Move(1).ShouldBe(list[1].Id);
        Move(9).ShouldBe(list[2].Id);
        Move(-9).ShouldBe(list[0].Id);
        rig.Passes(19);
        rig.State.ListUntil.ShouldNotBeNull("a key keeps the list open");
        rig.Happens(new ListPressed(rig.Now));
        rig.State.Chosen.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_refunded_is_refused_with_a_reason()
    {
        Notice? Refused(Action<TillRig>? before = null, PinLock pin = PinLock.Open, bool timeKnown = true, bool hasRoom = true, int daysLater = 0)
        {
            var rig = TillRig.Online();
            rig.PaidOrder();
            before?.Invoke(rig);
            rig.PressRefund(pin, timeKnown, hasRoom, daysLater).ShouldBeEmpty();
            (rig.State.Face is ManagerFace).ShouldBeFalse();
            return rig.State.Notice?.Notice;
        }

        Refused(pin: PinLock.NotSet).ShouldBe(Notice.RefundOff);
        Refused(pin: PinLock.Locked).ShouldBe(Notice.PinLocked);
        Refused(timeKnown: false).ShouldBe(Notice.ClockUnknown);
        Refused(hasRoom: false).ShouldBe(Notice.OutboxFull);
        Refused(daysLater: 1).ShouldBe(Notice.RefundNotToday);
        Refused(rig => rig.Happens(new LinkChanged(rig.Now, Online: false))).ShouldBe(Notice.RefundOffline);
        Refused(rig => rig.AskRefund("1")).ShouldBe(Notice.RefundRunning);
        Refused(rig => rig.RefundResult(rig.AskRefund(), RefundProgress.Refunded)).ShouldBe(Notice.RefundNotAllowed);
        Refused(rig => rig.Result(rig.Stored.Values.Single(), PayOutcome.Closed)).ShouldBe(Notice.RefundNotAllowed, "disputed");
    }

    [Fact]
    public void An_order_that_is_not_paid_is_not_refunded()
    {
        var rig = TillRig.Online();
        rig.PressRefund();
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundNone);
        rig.ShowQr();
        rig.PressRefund();
        rig.State.Face.ShouldBeOfType<ShowingQr>("not while a diner pays");
        rig.Happens(new CancelPressed(rig.Now));

        rig.PressRefund();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundNotAllowed);
    }

    [Fact]
    public void A_wrong_PIN_says_how_many_tries_are_left_and_the_last_one_ends_it()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        rig.PressRefund();
        rig.Pay();

        rig.EnterPin(PinAnswer.Wrong, triesLeft: 3).ShouldBeEmpty();
        var asked = rig.State.Face.ShouldBeOfType<EnteringPin>();
        (asked.TriesLeft, asked.Pin.Length).ShouldBe((3, 0));
        rig.EnterPin(PinAnswer.Locked).ShouldBeEmpty();

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.State.Notice!.Value.Notice.ShouldBe(Notice.PinLocked);
    }

    [Fact]
    public void A_PIN_prints_as_dots()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        rig.PressRefund();
        rig.Pay();

        rig.Keys("2468");

        rig.State.ToString().ShouldContain("••••");
        rig.State.ToString().ShouldNotContain("2468");
    }

    [Fact]
    public void A_manager_who_walks_away_leaves_nothing_behind()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        rig.PressRefund();
        rig.Pay();
        rig.Keys("24");

        rig.Passes(60).ShouldBeEmpty();

        rig.State.Face.ShouldBe(Keying.Empty);
        rig.PressRefund();
        rig.Happens(new CancelPressed(rig.Now));
        rig.State.Face.ShouldBe(Keying.Empty);
        rig.Refunds.ShouldBeEmpty();
    }

    [Fact]
    public void Everything_is_looked_at_again_when_the_PIN_is_right()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();
        rig.PressRefund();
        rig.Pay();
        rig.Happens(new ResultReceived(rig.Now, rig.Now, TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Refunded), rig.Stored[order.Id], rig.Fresh()));

        rig.EnterPin().ShouldBeEmpty("the office gave it all back meanwhile");

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundNotAllowed);
    }
}
