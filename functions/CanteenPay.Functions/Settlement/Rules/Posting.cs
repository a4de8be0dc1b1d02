using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>
/// A confirmed money event of a channel, as it counts on a settlement date: immutable, and with everything that a statement needs to reckon its fee, so that each fen can be
/// defended a year later.
/// </summary>
internal sealed record Posting
{
    /// <summary>Its key within the merchant's day: see <see cref="PostingKeys"/>. The same key is the same event.</summary>
    public required string Key { get; init; }

    public required PostingKind Kind { get; init; }

    /// <summary>The order that was paid, or whose money went back.</summary>
    public required OrderId Order { get; init; }

    /// <summary>Which refund of the order, from 1; 0 for the payment.</summary>
    public int Refund { get; init; }

    /// <summary>What was paid or went back, at least 1 fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>The channel's time of the event.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The settlement date of the event by the channel's time and cut-off. Another one than the day on which it counts only for an adjustment.</summary>
    public required DateOnly EventDay { get; init; }

    /// <summary>The settlement date of the order's payment: the terms of that day hold for it and for its refunds.</summary>
    public required DateOnly PaidDay { get; init; }

    /// <summary>The rate at which the order was paid, in basis points of the amount.</summary>
    public required int RateBasisPoints { get; init; }

    /// <summary>The bank's part of that rate, in basis points of the amount.</summary>
    public required int BankCostBasisPoints { get; init; }

    /// <summary>The money came after its order had been closed or refused, and goes back by itself.</summary>
    public bool IsLate { get; init; }

    /// <summary>The posting was made when the day's night was near or over, so that a statement may exist that does not hold it; see <c>Postings/README.md</c>.</summary>
    public bool IsBelated { get; init; }

    /// <summary>The wallet, where it is known.</summary>
    public Wallet? Wallet { get; init; }

    /// <summary>The channel's number of the payment or of the refund.</summary>
    public string? ChannelNo { get; init; }

    /// <summary>How the order stood before the refund; null for a payment.</summary>
    public RefundedBefore? Before { get; init; }
}

/// <summary>What a refund's returned fees are reckoned from, by <see cref="ChannelFee.Returned"/>.</summary>
/// <param name="Settled">The payment.</param>
/// <param name="Refunded">What of it had gone back before.</param>
/// <param name="FeeReturned">What of its fee had come back before.</param>
/// <param name="BankReturned">What of the bank's part of the fee had come back before.</param>
internal sealed record RefundedBefore(Fen Settled, Fen Refunded, Fen FeeReturned, Fen BankReturned);

/// <summary>Which way the money went.</summary>
internal enum PostingKind
{
    /// <summary>A diner paid.</summary>
    Payment,

    /// <summary>Money of a payment went back.</summary>
    Refund,
}
