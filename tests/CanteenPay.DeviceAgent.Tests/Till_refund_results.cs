using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Tests.Rig;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Tests;

/// <summary>What becomes of a refund that was asked for at the till.</summary>
public sealed class Till_refund_results
{
    [Fact]
    public void Refunded_is_stored_shown_and_said_once_for_its_key()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();
        var refund = rig.AskRefund("5");

        var effects = rig.RefundResult(refund, RefundProgress.Refunded);
        rig.RefundResult(refund, RefundProgress.Refunded).ShouldBeEmpty();

        effects.Count.ShouldBe(2);
        var stored = effects[0].ShouldBeOfType<SaveRefund>();
        (stored.Refund.Stage, stored.Refund.Spoken, stored.Order.RefundedSoFar, stored.Order.Stage).ShouldBe((RefundStage.Refunded, true, new Fen(500), OrderStage.Paid));
        effects[1].ShouldBeOfType<Speak>().Utterance.Words.ShouldBe("五元已退款");
        rig.State.Face.ShouldBeOfType<RefundShown>().Refund.Stage.ShouldBe(RefundStage.Refunded);
        rig.State.Previous!.Id.ShouldBe(order.Id);
    }

    [Theory]
    [InlineData(59_000L, 0, true, true)]
    [InlineData(59_000L, 2, true, false)]
    [InlineData(60_000L, 0, true, false)]
    [InlineData(null, 0, true, false)]
    [InlineData(500L, 0, false, false)]
    public void A_refund_is_spoken_of_only_when_it_may_be_and_is_young(long? ageMs, double waited, bool say, bool spoken)
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        var payments = rig.Spoken.Count();

        rig.RefundResult(rig.AskRefund(), RefundProgress.Refunded, say: say, ageMs: ageMs, waitedSeconds: waited);

        (rig.Spoken.Count() - payments).ShouldBe(spoken ? 1 : 0);
        rig.State.Face.ShouldBeOfType<RefundShown>().Refund.Stage.ShouldBe(RefundStage.Refunded);
    }

    [Fact]
    public void A_refund_that_is_pending_blocks_no_diner_and_its_end_leaves_his_QR_alone()
    {
        var rig = TillRig.Online();
        var first = rig.PaidOrder();
        var refund = rig.AskRefund();
        rig.RefundResult(refund, RefundProgress.Pending);
        rig.State.Face.ShouldBeOfType<RefundShown>().Refund.Stage.ShouldBe(RefundStage.Pending);

        var second = rig.ShowQr("8");
        rig.RefundResult(refund, RefundProgress.Refunded);

        rig.State.Face.ShouldBeOfType<ShowingQr>().Order.Id.ShouldBe(second.Id);
        (rig.State.Previous!.Id, rig.State.Previous.Stage).ShouldBe((first.Id, OrderStage.Refunded));
    }

    [Fact]
    public void A_refusal_is_shown_in_the_cloud_s_words_and_another_refund_may_be_asked_for()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        var refund = rig.AskRefund();

        rig.RefundResult(refund, RefundProgress.Refused);

        rig.State.Face.ShouldBeOfType<RefundShown>().Refund.Refusal!.Zh.ShouldBe("余额不足");
        rig.AskRefund().Key.ShouldNotBe(refund.Key);
    }

    [Fact]
    public void Money_that_moved_is_counted_even_after_a_refusal_and_no_refusal_takes_it_back()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();
        var refund = rig.AskRefund("5");
        rig.RefundResult(refund, RefundProgress.Refused);

        rig.RefundResult(refund, RefundProgress.Refunded);
        rig.RefundResult(refund, RefundProgress.Refused, soFar: new Fen(500));

        (rig.Refunds[refund.Key].Stage, rig.Stored[order.Id].RefundedSoFar).ShouldBe((RefundStage.Refunded, new Fen(500)));
    }

    [Theory]
    [InlineData(499L, 499L)]
    [InlineData(500L, 1251L)]
    [InlineData(500L, -1L)]
    public void A_result_with_another_amount_or_an_impossible_total_is_not_believed(long amount, long soFar)
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        var refund = rig.AskRefund("5");

        rig.RefundResult(refund, RefundProgress.Refunded, new Fen(amount), new Fen(soFar))
            .ShouldHaveSingleItem().ShouldBe(new Ignored(refund.OrderId, IgnoredBecause.AmountDiffers));

        rig.Refunds[refund.Key].Stage.ShouldBe(RefundStage.Requested);
    }

    [Fact]
    public void A_result_for_a_refund_that_is_not_here_has_no_effect()
    {
        var rig = TillRig.Online();
        var refund = new Refund { Key = "0123456789", OrderId = rig.PaidOrder().Id, Amount = new Fen(1), RequestedAt = rig.Now };

        rig.RefundResult(refund, RefundProgress.Refunded).ShouldHaveSingleItem().ShouldBe(new Ignored(refund.OrderId, IgnoredBecause.UnknownRefund));
    }

    [Fact]
    public void An_old_refund_s_late_result_leaves_the_newest_one_alone()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();
        var old = rig.AskRefund("5");
        rig.RefundResult(old, RefundProgress.Refused);
        var newest = rig.AskRefund("3");

        rig.RefundResult(old, RefundProgress.Refunded);

        (rig.Stored[order.Id].Refund!.Key, rig.Stored[order.Id].RefundedSoFar).ShouldBe((newest.Key, new Fen(500)));
        RefundRules.Left(rig.Stored[order.Id]).ShouldBe(new Fen(450));
    }

    [Fact]
    public void A_whole_refund_of_this_till_is_spoken_of_by_its_own_message_alone()
    {
        var rig = TillRig.Online();
        var order = rig.ShowQr();
        rig.Result(order, PayOutcome.Paid, say: false);
        var refund = rig.AskRefund();

        rig.Result(order, PayOutcome.Refunded);
        rig.RefundResult(refund, RefundProgress.Refunded, soFar: new Fen(1250));

        rig.Spoken.ShouldHaveSingleItem().RefundKey.ShouldBe(refund.Key);
    }

    [Fact]
    public void What_the_office_gave_back_counts_at_the_till()
    {
        var rig = TillRig.Online();
        var order = rig.PaidOrder();

        rig.Happens(new ResultReceived(
            rig.Now, rig.Now, TillRig.ResultOf(order.Id, order.Amount, PayOutcome.Paid, say: false) with { RefundedSoFar = new Fen(1000) }, order, rig.Fresh()));

        rig.PressRefund();
        rig.State.Face.ShouldBeOfType<EnteringRefund>().Amount.ShouldBe(new Fen(250));
    }

    [Fact]
    public void A_refund_that_could_not_be_stored_was_not_asked_for()
    {
        var rig = TillRig.Online();
        rig.PaidOrder();
        rig.PressRefund();
        rig.Pay();
        rig.Keys("2468");

        var shown = new Till(rig.Limits).Unstored(rig.State, new PinEntered(rig.Now, new(PinAnswer.Right), rig.Stored.Values.Single(), new("0123456789", rig.Now)));

        (shown.Face, shown.Notice!.Value.Notice).ShouldBe((Keying.Empty, Notice.Fault));
    }
}
