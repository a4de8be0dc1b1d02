namespace CanteenPay.Simulation.Bank;

/// <summary>An order in the bank's book: the truth about the money.</summary>
internal sealed class BankOrder(string orderNo, string merchantNo, long fen, DateTimeOffset startedAt, DateTimeOffset expiresAt)
{
    public string OrderNo => orderNo;

    public string MerchantNo => merchantNo;

    public long Fen => fen;

    public DateTimeOffset StartedAt => startedAt;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>A diner has confirmed in the wallet, and the wallet is still at work.</summary>
    public bool IsConfirming { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>When the money was taken; null while it was not.</summary>
    public DateTimeOffset? PaidAt { get; set; }

    /// <summary>The bank has begun to tell the merchant of the payment.</summary>
    public bool IsNotified { get; set; }

    public string TransactionNo => $"T{orderNo}";

    /// <summary>Its refunds by number.</summary>
    public Dictionary<string, BankRefund> Refunds { get; } = new(StringComparer.Ordinal);

    /// <summary>What has gone back, or is going.</summary>
    public long RefundedFen => Refunds.Values.Where(refund => !refund.Fails).Sum(refund => refund.Fen);
}

/// <summary>A refund in the bank's book.</summary>
/// <param name="Fen">How much.</param>
/// <param name="EndsAt">When the money has gone back, or not.</param>
/// <param name="Fails">It does not.</param>
internal sealed record BankRefund(long Fen, DateTimeOffset EndsAt, bool Fails);
