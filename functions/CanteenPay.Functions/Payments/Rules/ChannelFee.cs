using System.Runtime.CompilerServices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>The channel's fee and what of it comes back with a refund. Rules of WeChat's merchant statement (payment facts §6), which the gateway's bill follows.</summary>
internal static class ChannelFee
{
    /// <summary>0.6 %: the rate of a merchant whose profile names none.</summary>
    public const int DefaultRateBasisPoints = 60;

    private const uint BasisPoints = 10_000;

    /// <summary>Up to here, which is more than any canteen takes in a thousand years, 64 bits hold what is in between.</summary>
    private const long MostInSixtyFourBits = long.MaxValue / (2 * BasisPoints);

    /// <summary>Fee of a payment: amount × rate, half up to the fen; 83 fen at 0.6 % cost nothing, 84 cost 1.</summary>
    /// <param name="amount">The payment, ≥ 0.</param>
    /// <param name="rateBasisPoints">0 to 10,000.</param>
    public static Fen Of(Fen amount, int rateBasisPoints) =>
        IsUsual(amount, rateBasisPoints) ? OfUsual(amount, rateBasisPoints) : new(DividedHalfUp((Int128)amount.Value * rateBasisPoints, BasisPoints));

    /// <summary>Whether <see cref="OfUsual"/> may be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual(Fen amount, int rateBasisPoints) => (ulong)amount.Value <= MostInSixtyFourBits && (uint)rateBasisPoints <= BasisPoints;

    /// <summary><see cref="Of"/> for what <see cref="IsUsual"/>: a night reckons millions of these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fen OfUsual(Fen amount, int rateBasisPoints) =>
        new((long)(((ulong)amount.Value * (uint)rateBasisPoints + BasisPoints / 2) / BasisPoints));

    /// <summary>
    /// What of the fee comes back with a refund: refund ÷ (settled − refunded before) × (fee − fee returned before), half up to the fen. The last refund of an
    /// order brings back all that is left, so that nothing is lost to rounding.
    /// </summary>
    /// <param name="refund">This refund, 1 to <paramref name="settled"/> − <paramref name="refundedBefore"/>.</param>
    /// <param name="settled">The payment.</param>
    /// <param name="refundedBefore">Refunds of the order that ended well before this one.</param>
    /// <param name="charged">Fee of the payment.</param>
    /// <param name="returnedBefore">What of it came back before.</param>
    /// <exception cref="ArgumentOutOfRangeException">More goes back than is left.</exception>
    public static Fen Returned(Fen refund, Fen settled, Fen refundedBefore, Fen charged, Fen returnedBefore)
    {
        var left = settled - refundedBefore;
        if (refund.Value < 1 || refund > left)
            throw new ArgumentOutOfRangeException(nameof(refund), refund.Value, $"1 to {left.Value} fen are left to go back.");
        var feeLeft = charged - returnedBefore;
        return new((ulong)refund.Value <= int.MaxValue && (ulong)feeLeft.Value <= int.MaxValue
            ? DividedHalfUp(refund.Value * feeLeft.Value, left.Value)
            : DividedHalfUp((Int128)refund.Value * feeLeft.Value, left.Value));
    }

    private static long DividedHalfUp(long numerator, long denominator)
    {
        var (whole, rest) = Math.DivRem(numerator, denominator);
        return rest >= denominator - rest ? whole + 1 : whole;
    }

    /// <summary>On its own: 128 bits would take the registers of those for whom 64 are enough.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long DividedHalfUp(Int128 numerator, long denominator) => (long)((2 * numerator + denominator) / (2 * (Int128)denominator));
}
