using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>迟到付款: paid after the order had ended unpaid; the cloud gives it back.</summary>
public sealed class Till_late_money
{
    [Theory]
    [InlineData(OrderStage.Requested, OrderStage.Refunding)]
    [InlineData(OrderStage.AwaitingPayment, OrderStage.Refunding)]
    [InlineData(OrderStage.Cancelled, OrderStage.Refunding)]
    [InlineData(OrderStage.Closing, OrderStage.Refunding)]
    [InlineData(OrderStage.Closed, OrderStage.Refunding)]
    [InlineData(OrderStage.Failed, OrderStage.Refunding)]
    [InlineData(OrderStage.Refused, OrderStage.Refunding)]
    [InlineData(OrderStage.Paid, OrderStage.Paid)]
    [InlineData(OrderStage.Refunded, OrderStage.Refunded)]
    public void Late_money_moves_every_order_but_one_that_was_paid_in_time(object before, object after)
    {
        var order = new Order { Id = new TillRig().Fresh().Id, Amount = new Fen(1250), RequestedAt = TillRig.Noon, Stage = (OrderStage)before };

        OrderRules.After(order, TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Refunding)).Stage.ShouldBe((OrderStage)after);
    }

    [Fact]
    public void Payment_after_closed_is_shown_as_going_back_then_as_gone_and_is_never_spoken_as_paid()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(order, PayOutcome.Closed, say: false);

        rig.Result(order, PayOutcome.Refunding).ShouldContain(new Acknowledge(order.Id, PayOutcome.Refunding, Spoken: false));

        rig.State.Previous!.Stage.ShouldBe(OrderStage.Refunding);
        rig.Stored[order.Id].IsEnded.ShouldBeFalse("it is asked about until it is refunded");
        rig.Spoken.ShouldBeEmpty();
        rig.Result(order, PayOutcome.Refunded, say: false);
        (rig.State.Previous!.Stage, rig.Stored[order.Id].RefundedSoFar, rig.Stored[order.Id].IsEnded).ShouldBe((OrderStage.Refunded, order.Amount, true));
    }

    [Theory]
    [InlineData(PayOutcome.Closing)]
    [InlineData(PayOutcome.Closed)]
    [InlineData(PayOutcome.Failed)]
    public void An_older_word_that_comes_late_changes_nothing(PayOutcome late)
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(order, PayOutcome.Refunding);

        rig.Result(order, late, say: false);

        (rig.Stored[order.Id].Stage, rig.Stored[order.Id].Disputed).ShouldBe((OrderStage.Refunding, false));
    }

    [Fact]
    public void Late_money_of_the_order_that_just_left_the_screen_is_said_on_it_and_not_in_green()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Passes(120);

        rig.Result(order, PayOutcome.Refunding);

        rig.State.Face.ShouldBeOfType<Ended>().Ending.ShouldBe(Ending.Refunding);
    }

    [Fact]
    public void Late_money_is_not_refunded_a_second_time_at_the_till()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(order, PayOutcome.Refunding);

        rig.PressRefund();

        rig.State.Notice!.Value.Notice.ShouldBe(Notice.RefundNotAllowed);
    }
}
