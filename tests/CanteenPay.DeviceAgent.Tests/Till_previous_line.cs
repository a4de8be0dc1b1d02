using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>上一笔: the line of the previous payment.</summary>
public sealed class Till_previous_line
{
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
    public void The_line_is_about_the_order_that_left_the_screen_last()
    {
        var rig = TillRig.Online();
        var first = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Passes(1);
        var second = rig.ShowQr("8");
        rig.Result(second, PayOutcome.Paid);

        rig.Passes(8);

        rig.State.Previous!.Id.ShouldBe(second.Id, $"not {first.Id}, which is still being closed");
    }

    [Theory]
    [InlineData(PayOutcome.Closing, false)]
    [InlineData(PayOutcome.Closed, false)]
    [InlineData(PayOutcome.Failed, false)]
    [InlineData(PayOutcome.Paid, true)]
    [InlineData(PayOutcome.Refunding, true)]
    [InlineData(PayOutcome.Refunded, true)]
    public void An_older_order_takes_the_line_only_with_news_that_moved_money(PayOutcome outcome, bool takes)
    {
        var rig = TillRig.Online();
        var older = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Passes(1);
        var newer = rig.ShowQr("8");
        rig.Result(newer, PayOutcome.Paid);
        rig.Passes(8);

        rig.Result(older, outcome);

        rig.State.Previous!.Id.ShouldBe(takes ? older.Id : newer.Id);
    }

    [Fact]
    public void An_older_order_whose_news_contradict_each_other_takes_the_line()
    {
        var rig = TillRig.Online();
        var older = rig.ShowQr();
        rig.Happens(new CancelPressed(rig.Now));
        rig.Result(older, PayOutcome.Closed);
        rig.Passes(1);
        rig.Result(rig.ShowQr("8"), PayOutcome.Paid);
        rig.Passes(8);

        rig.Result(older, PayOutcome.Paid);

        (rig.State.Previous!.Id, rig.State.Previous.Disputed).ShouldBe((older.Id, true));
    }

    [Fact]
    public void After_a_restart_what_was_on_the_screen_is_cancelled_and_what_was_closing_goes_on()
    {
        var rig = TillRig.Online();
        var requested = new Order { Id = rig.Fresh().Id, Amount = new Fen(1), RequestedAt = rig.Now };
        var closing = requested with { Id = rig.Fresh().Id, Stage = OrderStage.Closing };
        var awaiting = requested with { Id = rig.Fresh().Id, Stage = OrderStage.AwaitingPayment, QrShown = true };

        var step = Till.Recover([requested, closing, awaiting], awaiting);

        step.Effects.ShouldBe(
        [
            new Save(requested with { Stage = OrderStage.Cancelled }, Unanswered.Cancel),
            new Save(awaiting with { Stage = OrderStage.Cancelled }, Unanswered.Cancel),
        ]);
        step.State.Previous.ShouldBe(awaiting with { Stage = OrderStage.Cancelled });
        step.State.Face.ShouldBe(Keying.Empty);
    }

    [Fact]
    public void After_a_restart_the_line_is_about_the_newest_order_ended_or_not()
    {
        var rig = TillRig.Online();
        var open = new Order { Id = rig.Fresh().Id, Amount = new Fen(1), RequestedAt = rig.Now, Stage = OrderStage.Closing };
        var paid = open with { Id = rig.Fresh().Id, Stage = OrderStage.Paid, RequestedAt = rig.Now.AddMinutes(1) };

        Till.Recover([open], paid).State.Previous.ShouldBe(paid);
        Till.Recover([], newest: null).State.Previous.ShouldBeNull();
    }
}
