using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Rules;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>
/// What is posted of a payment and of a refund: only what the confirming write stored and nothing changes after it, so that whoever posts it again posts the same. Pure.
/// </summary>
internal static class MoneyEvents
{
    /// <summary>An order's payment.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public static Posting Of(Order order)
    {
        var (payment, day) = PaymentOf(order);
        return new()
        {
            Key = PostingKeys.OfPayment(order.Id),
            Kind = PostingKind.Payment,
            Order = order.Id,
            Amount = order.Amount,
            At = payment.PaidAt,
            EventDay = day,
            PaidDay = day,
            RateBasisPoints = order.FeeRateBasisPoints,
            BankCostBasisPoints = order.BankCostBasisPoints,
            IsLate = order.IsLate,
            Wallet = payment.Wallet,
            ChannelNo = payment.ChannelTransactionNo,
        };
    }

    /// <summary>A refund of an order.</summary>
    /// <exception cref="InvalidOperationException">It did not go back.</exception>
    public static Posting Of(Order order, Refund refund)
    {
        var (payment, paidDay) = PaymentOf(order);
        if (refund is not { State: RefundState.Refunded, RefundedAt: { } at, SettlementDate: { } day, Fee: { } fee })
            throw new InvalidOperationException($"Refund {refund.Id} is {refund.State}: nothing is to be posted of it.");
        return new()
        {
            Key = PostingKeys.OfRefund(refund.Id),
            Kind = PostingKind.Refund,
            Order = order.Id,
            Refund = refund.Id.Number,
            Amount = refund.Amount,
            At = at,
            EventDay = day,
            PaidDay = paidDay,
            RateBasisPoints = order.FeeRateBasisPoints,
            BankCostBasisPoints = order.BankCostBasisPoints,
            IsLate = order.IsLate,
            Wallet = payment.Wallet,
            ChannelNo = refund.ChannelRefundNo,
            Before = new(order.Amount, fee.RefundedBefore, fee.ReturnedBefore, fee.Bank.ReturnedBefore),
        };
    }

    private static (Payment Payment, DateOnly Day) PaymentOf(Order order) => order is { Payment: { } payment, SettlementDate: { } day }
        ? (payment, day)
        : throw new InvalidOperationException($"Order {order.Id} is {order.State} and has no payment: nothing is to be posted of it.");
}
