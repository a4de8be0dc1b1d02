using CanteenPay.Lunch.Report;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Lunch.Tests.Report;

/// <summary>Whatever stands in the books: no difference of a single fen is passed over in silence.</summary>
public sealed class Reconciliation_properties
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8));
    private static readonly string[] OurStates = ["Requested", "AwaitingPayment", "Closing", "Paid", "PartlyRefunded", "Refunded", "Closed", "Failed", "LatePaid"];

    private static readonly Gen<BookedOrder> Orders =
        from state in Gen.Elements(OurStates)
        from bankState in Gen.Elements("NOTPAY", "SUCCESS", "CLOSED", "REFUND")
        from known in Gen.Choose(0, 5)
        from ours in Gen.Choose(1, 3)
        from bank in Gen.Choose(1, 3)
        from oursBack in Gen.Choose(0, 3)
        from bankBack in Gen.Choose(0, 3)
        from asked in Gen.Choose(0, 3)
        from paid in ArbMap.Default.GeneratorFor<bool>()
        from shown in ArbMap.Default.GeneratorFor<bool>()
        select new BookedOrder
        {
            OrderId = "A",
            Ours = known == 0 ? null : new("M", state, ours, paid, oursBack, Pending: 0, state == "LatePaid", "paid", Review: null),
            Bank = known == 1 ? null : new(bankState, bank, bankState is "SUCCESS" or "REFUND" ? Noon : null, bankState is "SUCCESS" or "REFUND" ? bank : 0, bankBack),
            ShownAsPaidAt = shown ? Noon : null,
            RefundsAsked = asked,
        };

    [Fact]
    public void Books_without_a_discrepancy_hold_the_same_money() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Orders.ToArbitrary(), order => Reconciliation.Of([order]).Count > 0
            || (order.Ours?.Gross ?? 0) == (order.Bank?.Gross ?? 0) && (order.Ours?.Refunded ?? 0) == (order.Bank?.Refunded ?? 0)));

    [Fact]
    public void Nothing_is_clean_that_the_machine_called_paid_and_the_bank_does_not() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Orders.ToArbitrary(), order => order is not { ShownAsPaidAt: not null, Bank: null or { PaidAt: null } } || Reconciliation.Of([order]).Count > 0));
}
