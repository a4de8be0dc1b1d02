using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>What all statements of an edition come to. Amounts are fen.</summary>
/// <param name="Statements">How many statements.</param>
/// <param name="Payments">Payments counted.</param>
/// <param name="Refunds">Refunds counted.</param>
/// <param name="Paid">Σ payments.</param>
/// <param name="Refunded">Σ refunds.</param>
/// <param name="Fee">Σ fees.</param>
/// <param name="FeeReturned">Σ fees that came back.</param>
/// <param name="Payable">Σ payable.</param>
/// <param name="CarriedIn">Σ carried in.</param>
/// <param name="PaidOut">Σ paid out.</param>
/// <param name="CarriedOut">Σ carried out.</param>
internal sealed record EditionTotals(
    int Statements, long Payments, long Refunds, Fen Paid, Fen Refunded, Fen Fee, Fen FeeReturned, Fen Payable, Fen CarriedIn, Fen PaidOut, Fen CarriedOut)
{
    /// <summary>Of nothing.</summary>
    public static readonly EditionTotals None = new(0, 0, 0, default, default, default, default, default, default, default, default);

    /// <summary>One statement more.</summary>
    public EditionTotals With(Statement more) => new(
        Statements + 1, Payments + more.PaymentCount, Refunds + more.RefundCount, Paid + more.Gross, Refunded + more.Refunds, Fee + more.Fee, FeeReturned + more.FeeReturned,
        Payable + more.Payable, CarriedIn + more.CarriedIn, PaidOut + more.PaidOut, CarriedOut + more.CarriedOut);
}
