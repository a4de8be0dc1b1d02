using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Control;

/// <summary>
/// An order as tests and people see it: the book's truth, whatever the gateway's answers say. Amounts in fen.
/// <paramref name="PaidByFault"/> names the fault that made the bank take the payment by itself;
/// <paramref name="RefundedFen"/> is what the bank took to give back, done or not.
/// </summary>
internal sealed record OrderView(
    long Sequence, string OutTradeNo, string MchId, string State, bool Closed, long TotalFee, string PayUrl, string TransactionId, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    string? Wallet, DateTimeOffset? PaidAt, string? PaidByFault, long PaidFen, long RefundedFen, IReadOnlyList<RefundView> Refunds, IReadOnlyList<NotifyAttempt> Notifications)
{
    public static OrderView Of(BankOrder order, DateTimeOffset now) => new(
        order.Sequence,
        order.OutTradeNo,
        order.Merchant.MchId,
        order.TradeState,
        order.Closed,
        order.TotalFee,
        order.PayUrl,
        order.TransactionId,
        order.CreatedAt,
        order.ExpiresAt,
        order.Payment is { } payment ? WalletOfPhone.NameOf(payment.Wallet) : null,
        order.Payment?.PaidAt,
        order.Payment?.Fault,
        order.Payment is null ? 0 : order.TotalFee,
        order.Refunded,
        [.. order.Refunds.Select(r => new RefundView(r.OutRefundNo, r.RefundId, r.RefundFee, r.DoneAt <= now, r.DoneAt))],
        order.Notifications);
}

/// <summary>A refund as tests and people see it; <paramref name="Done"/> when the money is back.</summary>
internal sealed record RefundView(string OutRefundNo, string RefundId, long Fen, bool Done, DateTimeOffset DoneAt);
