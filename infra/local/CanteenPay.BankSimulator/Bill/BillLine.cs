using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Bill;

/// <summary>One line of a bill: a payment, or a refund (with <see cref="Refund"/>). The fee of a refund is negative: it comes back.</summary>
internal sealed record BillLine(DateTimeOffset At, BankOrder Order, BankRefund? Refund, long Fee)
{
    /// <summary>The lines of a day, by time. Only what happened: payments made and refunds done.</summary>
    public static IReadOnlyList<BillLine> OfDay(IEnumerable<BankOrder> orders, string day, string type, DateTimeOffset now) =>
    [
        .. orders.Where(o => o.Payment is not null)
            .SelectMany(OfOrder)
            .Where(line => BankTime.IsOnDay(line.At, day) && line.At <= now)
            .Where(line => type is "ALL" || (type is "REFUND") == (line.Refund is not null))
            .OrderBy(line => line.At),
    ];

    private static IEnumerable<BillLine> OfOrder(BankOrder order)
    {
        var fee = BankFee.OfPayment(order.TotalFee, order.Merchant.FeeBasisPoints);
        yield return new BillLine(order.Payment!.PaidAt, order, null, fee);
        var (left, feeLeft) = (order.TotalFee, fee);
        foreach (var refund in order.Refunds)
        {
            var returned = BankFee.OfRefund(refund.RefundFee, left, feeLeft);
            yield return new BillLine(refund.DoneAt, order, refund, -returned);
            (left, feeLeft) = (left - refund.RefundFee, feeLeft - returned);
        }
    }
}
