using System.Collections.Immutable;
using CanteenPay.BankSimulator.Merchants;

namespace CanteenPay.BankSimulator.Orders;

/// <summary>Whose app pays.</summary>
internal enum PayWallet
{
    WeChat,
    Alipay,
}

/// <summary>How a diner paid. <paramref name="Fault"/> names the fault that made the bank take the payment by itself.</summary>
internal sealed record BankPayment(PayWallet Wallet, DateTimeOffset PaidAt, string OutTransactionId, string OpenId, string? Fault = null)
{
    public string TradeType => Wallet is PayWallet.WeChat ? "pay.weixin.jspay" : "pay.alipay.jspay";
}

/// <summary>A refund the bank took; done at <paramref name="DoneAt"/>.</summary>
internal sealed record BankRefund(string OutRefundNo, string RefundId, long RefundFee, DateTimeOffset DoneAt);

/// <summary>One try to notify the merchant, what came of it, and what chaos did to it.</summary>
internal sealed record NotifyAttempt(DateTimeOffset At, string Outcome, string? Fault = null);

/// <summary>An order at the bank. Amounts in fen.</summary>
internal sealed record BankOrder
{
    /// <summary>Tries to notify that are kept; a merchant that is notified by hand without end loses the oldest.</summary>
    private const int MaxNotifications = 100;

    /// <summary>The bank's first order is 1, the next one 2.</summary>
    public long Sequence { get; init; }

    public required BankMerchant Merchant { get; init; }

    public required string OutTradeNo { get; init; }

    /// <summary>Names the order in the QR: nobody can guess another one's.</summary>
    public required string Token { get; init; }

    public required string TransactionId { get; init; }

    public required long TotalFee { get; init; }

    public required string Body { get; init; }

    public required string NotifyUrl { get; init; }

    public required string PayUrl { get; init; }

    public string Attach { get; init; } = "";

    public string DeviceInfo { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set only when the merchant sent both times: the gateway ignores one alone.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Closed { get; init; }

    public BankPayment? Payment { get; init; }

    public ImmutableList<BankRefund> Refunds { get; init; } = [];

    public ImmutableList<NotifyAttempt> Notifications { get; init; } = [];

    /// <summary>What the bank took to give back, done or not.</summary>
    public long Refunded => Refunds.Sum(r => r.RefundFee);

    /// <summary>The gateway's word for where the order stands.</summary>
    public string TradeState => Payment is null ? (Closed ? "CLOSED" : "NOTPAY") : (Refunds.IsEmpty ? "SUCCESS" : "REFUND");

    /// <summary>Whether nothing can happen to it any more without somebody asking.</summary>
    public bool EndedBy(DateTimeOffset now) => Payment is null ? Closed || ExpiresAt <= now : Refunds.TrueForAll(r => r.DoneAt <= now);

    /// <summary>The order with one more try to notify.</summary>
    public BankOrder Notified(NotifyAttempt attempt) => this with
    {
        Notifications = (Notifications.Count < MaxNotifications ? Notifications : Notifications.RemoveAt(0)).Add(attempt),
    };
}
