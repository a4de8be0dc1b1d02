using System.Globalization;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>What must hold of a posting before its fee is reckoned: nothing is settled on what contradicts itself.</summary>
internal static class PostingChecks
{
    /// <summary>What is wrong, after the posting's key; null when it may count on a day.</summary>
    public static string? Fault(Posting posting, DateOnly day)
    {
        if (posting.Amount.Value < 1)
            return string.Create(CultureInfo.InvariantCulture, $"is of {posting.Amount.Value} fen, and an event moves at least one");
        if (posting.RateBasisPoints is < 0 or > TermsCalendar.Whole)
            return string.Create(CultureInfo.InvariantCulture, $"has a rate of {posting.RateBasisPoints} basis points, and a rate is 0 to {TermsCalendar.Whole}");
        if (posting.BankCostBasisPoints < 0 || posting.BankCostBasisPoints > posting.RateBasisPoints)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"gives the bank {posting.BankCostBasisPoints} basis points, and it gets 0 to the rate of {posting.RateBasisPoints}");
        }

        return DayFault(posting, day) ?? BeforeFault(posting);
    }

    /// <summary>An event counts on its own day, or as an adjustment on one later day: never on both.</summary>
    private static string? DayFault(Posting posting, DateOnly day)
    {
        var isAdjustment = PostingKeys.IsAdjustment(posting.Key);
        if (isAdjustment ? posting.EventDay < day : posting.EventDay == day)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture, $"is of {posting.EventDay:yyyy-MM-dd}, and {(isAdjustment ? "an adjustment counts on a later day" : "it counts on that day only")}");
    }

    private static string? BeforeFault(Posting posting)
    {
        if (posting.Kind == PostingKind.Payment)
            return posting.Before is null ? null : "is a payment, and says what went back of it before";
        if (posting.Before is not { } before)
            return "is a refund, and does not say how its order stood before";
        if (before.Refunded < Fen.Zero || before.Refunded >= before.Settled || posting.Amount.Value > before.Settled.Value - before.Refunded.Value)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"returns {posting.Amount.Value} fen of a payment of {before.Settled.Value}, of which {before.Refunded.Value} had gone back before");
        }

        return PartFault(posting.RateBasisPoints, before, before.FeeReturned, "fee") ?? PartFault(posting.BankCostBasisPoints, before, before.BankReturned, "bank's part");
    }

    private static string? PartFault(int basisPoints, RefundedBefore before, Fen returned, string part)
    {
        var most = before.Refunded == Fen.Zero ? Fen.Zero : ChannelFee.Of(before.Settled, basisPoints);
        return returned >= Fen.Zero && returned <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"says that {returned.Value} fen of the {part} had come back before, and it was 0 to {most.Value}");
    }
}
