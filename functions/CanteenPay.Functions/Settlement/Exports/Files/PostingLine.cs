using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>A posting with what it costs its merchant.</summary>
/// <param name="Posting">The posting.</param>
/// <param name="Fee">The fee of a payment, by <see cref="ChannelFee.Of"/>; nothing for a refund.</param>
/// <param name="FeeReturned">What of it came back with a refund, by <see cref="ChannelFee.Returned"/>; nothing for a payment.</param>
internal readonly record struct PostingLine(Posting Posting, Fen Fee, Fen FeeReturned)
{
    /// <summary>What it adds to what the merchant is owed; negative for refunds.</summary>
    public Fen Net => Posting.Kind == PostingKind.Payment ? Posting.Amount - Fee : FeeReturned - Posting.Amount;

    /// <summary>Reckons a posting's.</summary>
    /// <exception cref="InvalidOperationException">It is a refund that does not say how its order stood.</exception>
    public static PostingLine Of(Posting posting)
    {
        if (posting.Kind == PostingKind.Payment)
            return new(posting, ChannelFee.Of(posting.Amount, posting.RateBasisPoints), Fen.Zero);
        var before = posting.Before ?? throw new InvalidOperationException($"The refund {posting.Key} does not say how its order stood.");
        var charged = ChannelFee.Of(before.Settled, posting.RateBasisPoints);
        return new(posting, Fen.Zero, ChannelFee.Returned(posting.Amount, before.Settled, before.Refunded, charged, before.FeeReturned));
    }
}
