using CanteenPay.Lunch.Report;

namespace CanteenPay.Lunch.Tests.Report;

/// <summary>Books that agree say nothing; each way of differing is said, with the order.</summary>
public sealed class Reconciliations
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8));

    private static readonly BookedOrder Paid = new()
    {
        OrderId = "261122CANTEEN1TERM00010123456789",
        Ours = new("CANTEEN1", "Paid", 1250, Paid: true, Refunded: 0, Pending: 0, IsLate: false, Acknowledged: "paid", Review: null),
        Bank = new("SUCCESS", 1250, Noon, Gross: 1250, Refunded: 0),
        ShownAsPaidAt = Noon.AddSeconds(1),
        SaidAt = [Noon.AddSeconds(1)],
    };

    private static readonly BookedOrder Closed = Paid with
    {
        Ours = Paid.Ours! with { State = "Closed", Paid = false, Acknowledged = "closed" },
        Bank = new("CLOSED", 1250, PaidAt: null, Gross: 0, Refunded: 0),
        ShownAsPaidAt = null,
        SaidAt = [],
    };

    private static readonly BookedOrder Late = Closed with
    {
        Ours = Closed.Ours! with { State = "Refunded", Paid = true, Refunded = 1250, IsLate = true },
        Bank = new("REFUND", 1250, Noon, Gross: 1250, Refunded: 1250),
    };

    private static readonly BookedOrder Refunded = Paid with
    {
        Ours = Paid.Ours! with { State = "PartlyRefunded", Refunded = 250 },
        Bank = Paid.Bank! with { State = "REFUND", Refunded = 250 },
        RefundsAsked = 250,
    };

    [Fact]
    public void Books_that_agree_say_nothing() => Reconciliation.Of([Paid, Closed, Late, Refunded]).ShouldBeEmpty();

    [Fact]
    public void A_cancel_that_overtook_its_request_is_an_order_of_nothing() =>
        Reconciliation.Of([Closed with { Ours = Closed.Ours! with { Amount = 0 }, Bank = null }]).ShouldBeEmpty();

    [Fact]
    public void An_order_that_never_reached_anybody_is_nothing() => Reconciliation.Of([new BookedOrder { OrderId = "A" }]).ShouldBeEmpty();

    [Fact]
    public void A_payment_that_we_do_not_know() =>
        Says(Paid with { Ours = Closed.Ours, ShownAsPaidAt = null, SaidAt = [] }, DiscrepancyKind.PaidAtBankOnly);

    [Fact]
    public void An_order_that_we_do_not_know() =>
        Says(Paid with { Ours = null, ShownAsPaidAt = null, SaidAt = [] }, DiscrepancyKind.PaidAtBankOnly, DiscrepancyKind.UnknownToUs);

    [Fact]
    public void A_payment_that_the_bank_does_not_have() => Says(Paid with { Bank = Closed.Bank }, DiscrepancyKind.PaidWithUsOnly);

    [Fact]
    public void Another_amount() => Says(Paid with { Bank = Paid.Bank! with { Amount = 1251 } }, DiscrepancyKind.AmountDiffers);

    [Fact]
    public void Another_amount_than_was_asked_for() => Says(Paid with { Bank = Paid.Bank! with { Gross = 1249 } }, DiscrepancyKind.AmountDiffers);

    [Fact]
    public void A_refund_that_only_the_bank_has() =>
        Says(Refunded with { Ours = Paid.Ours }, DiscrepancyKind.RefundDiffers);

    [Fact]
    public void A_refund_that_only_we_have() => Says(
        Refunded with { Bank = Paid.Bank }, DiscrepancyKind.RefundDiffers, DiscrepancyKind.RefundNotAsAsked);

    [Fact]
    public void A_refund_that_was_made_twice() => Says(
        Refunded with { Ours = Refunded.Ours! with { Refunded = 500 }, Bank = Refunded.Bank! with { Refunded = 500 } }, DiscrepancyKind.RefundNotAsAsked);

    [Fact]
    public void A_refund_that_nobody_asked_for() => Says(Refunded with { RefundsAsked = 0 }, DiscrepancyKind.RefundNotAsAsked);

    [Fact]
    public void A_refund_whose_asking_had_no_answer_may_have_been_made_or_not()
    {
        Reconciliation.Of([Refunded with { RefundsAsked = null }]).ShouldBeEmpty();
        Reconciliation.Of([Paid with { RefundsAsked = null }]).ShouldBeEmpty();
    }

    [Fact]
    public void Late_money_that_was_kept() => Says(
        Late with { Ours = Late.Ours! with { State = "LatePaid", Refunded = 0 }, Bank = Late.Bank! with { Refunded = 0 } },
        DiscrepancyKind.LateMoneyKept, DiscrepancyKind.StillOpen);

    [Fact]
    public void Late_money_that_was_shown_as_paid() => Says(Late with { ShownAsPaidAt = Noon }, DiscrepancyKind.ShownButNotPaid);

    [Fact]
    public void Green_for_an_order_that_was_not_paid() => Says(Closed with { ShownAsPaidAt = Noon }, DiscrepancyKind.ShownButNotPaid);

    [Fact]
    public void Words_about_an_order_that_was_not_paid() => Says(Closed with { SaidAt = [Noon] }, DiscrepancyKind.ShownButNotPaid);

    [Fact]
    public void A_payment_that_no_machine_ever_showed() => Says(
        Paid with { ShownAsPaidAt = null, Ours = Paid.Ours! with { Acknowledged = "closing" } }, DiscrepancyKind.NeverShownAsPaid);

    [Fact]
    public void A_payment_that_the_machine_acknowledged_was_shown_though_nobody_looked() => Reconciliation.Of([Paid with { ShownAsPaidAt = null }]).ShouldBeEmpty();

    [Fact]
    public void Spoken_twice() => Says(Paid with { SaidAt = [Noon, Noon.AddSeconds(5)] }, DiscrepancyKind.SpokenTwice);

    [Fact]
    public void Spoken_too_late() => Says(Paid with { SaidAt = [Noon.AddSeconds(63)] }, DiscrepancyKind.SpokenLate);

    [Theory]
    [InlineData("Requested")]
    [InlineData("AwaitingPayment")]
    [InlineData("Closing")]
    public void An_order_without_an_end(string state) => Says(Closed with { Ours = Closed.Ours! with { State = state } }, DiscrepancyKind.StillOpen);

    [Fact]
    public void A_refund_without_an_end() => Says(
        Refunded with { Ours = Paid.Ours! with { Pending = 250 }, Bank = Paid.Bank }, DiscrepancyKind.StillOpen, DiscrepancyKind.RefundNotAsAsked);

    [Fact]
    public void An_order_that_ended_here_and_can_still_be_paid_there() => Says(Closed with { Bank = Closed.Bank! with { State = "NOTPAY" } }, DiscrepancyKind.PayableAtBank);

    private static void Says(BookedOrder order, params DiscrepancyKind[] kinds)
    {
        var found = Reconciliation.Of([Paid with { OrderId = "other" }, order]);

        found.Select(discrepancy => discrepancy.Kind).ShouldBe(kinds, ignoreOrder: true);
        found.ShouldAllBe(discrepancy => discrepancy.About == Paid.OrderId);
    }
}
