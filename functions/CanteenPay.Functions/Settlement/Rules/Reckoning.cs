using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>Makes a statement of sums.</summary>
internal static class Reckoning
{
    /// <summary>The statement.</summary>
    /// <param name="merchant">Whose day.</param>
    /// <param name="day">The settlement date.</param>
    /// <param name="terms">The merchant's terms.</param>
    /// <param name="sums">What the day's events came to under them.</param>
    /// <param name="adjustments">How many of the events belong to earlier days.</param>
    /// <param name="digest">The postings' digest.</param>
    /// <param name="carriedIn">What the statement before carried out, at most nothing.</param>
    /// <exception cref="OverflowException">A sum is more than an amount can be.</exception>
    public static Statement Of(MerchantId merchant, DateOnly day, TermsCalendar terms, FeeSums sums, int adjustments, string digest, Fen carriedIn)
    {
        var lines = new List<TermsLine>(terms.Count);
        var (gross, refunds) = (Fen.Zero, Fen.Zero);
        for (var index = 0; index < terms.Count; index++)
        {
            var under = sums.Under(index);
            if (under == default)
                continue;
            lines.Add(Line(terms[index], under));
            (gross, refunds) = (gross + under.Payments, refunds + under.Refunds);
        }

        var fee = sums.Fee - sums.FeeReturned;
        var bank = sums.Bank - sums.BankReturned;
        var parts = DistributorShares.Of(lines, fee - bank);
        var rest = fee - bank;
        foreach (var part in parts)
            rest -= part.Part;
        var payable = gross - refunds - fee;
        var due = payable + carriedIn;
        var paidOut = due > Fen.Zero ? due : Fen.Zero;
        return new()
        {
            Merchant = merchant,
            Day = day,
            PaymentCount = sums.PaymentCount,
            RefundCount = sums.RefundCount,
            AdjustmentCount = adjustments,
            Gross = gross,
            Refunds = refunds,
            Fee = sums.Fee,
            FeeReturned = sums.FeeReturned,
            Payable = payable,
            CarriedIn = carriedIn,
            PaidOut = paidOut,
            CarriedOut = due - paidOut,
            BankPart = bank,
            DistributorParts = parts,
            PlatformPart = rest,
            Terms = lines,
            PostingsDigest = digest,
        };
    }

    private static TermsLine Line(DatedTerms dated, (Fen Payments, Fen Refunds) sums) =>
        new(dated.ValidFrom, dated.Terms.RateBasisPoints, dated.Terms.BankCostBasisPoints, dated.Terms.Shares, sums.Payments, sums.Refunds);
}
