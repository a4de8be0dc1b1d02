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

    public string TransactionNo => $"T{orderNo}";
}
