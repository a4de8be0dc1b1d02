using System.Numerics;
using CanteenPay.Functions.Settlement.Rules;

namespace CanteenPay.Functions.Tests.Settlement.Rules;

/// <summary>
/// The rules of a statement once more, from their text alone, with fractions of big integers and nothing of the product's arithmetic: what the product is compared with. It shares no code with it but the
/// shapes of postings and terms.
/// </summary>
internal static class StatementOracle
{
    private static readonly Fraction Half = new(1, 2);

    /// <summary>What a day comes to, as lines of text that name each number.</summary>
    public static string Of(IEnumerable<Posting> postings, IReadOnlyList<DatedTerms> terms, BigInteger carriedIn)
    {
        BigInteger gross = 0, refunds = 0, fee = 0, feeReturned = 0, bank = 0, bankReturned = 0;
        var shares = new Dictionary<string, Fraction>();
        foreach (var posting in postings.DistinctBy(posting => posting.Key))
        {
            BigInteger amount = posting.Amount.Value;
            var net = amount;
            if (posting.Kind == PostingKind.Payment)
            {
                gross += amount;
                fee += Fee(amount, posting.RateBasisPoints);
                bank += Fee(amount, posting.BankCostBasisPoints);
            }
            else
            {
                net = -amount;
                refunds += amount;
                var before = posting.Before!;
                feeReturned += Returned(amount, before.Settled.Value, before.Refunded.Value, Fee(before.Settled.Value, posting.RateBasisPoints), before.FeeReturned.Value);
                bankReturned += Returned(amount, before.Settled.Value, before.Refunded.Value, Fee(before.Settled.Value, posting.BankCostBasisPoints), before.BankReturned.Value);
            }

            var begun = terms.Where(dated => dated.ValidFrom <= posting.PaidDay).ToList();
            var valid = begun.Count > 0 ? begun.MaxBy(dated => dated.ValidFrom)! : terms.MinBy(dated => dated.ValidFrom)!;
            foreach (var share in valid.Terms.Shares)
                shares[share.Distributor.Value] = shares.GetValueOrDefault(share.Distributor.Value, Fraction.Zero) + new Fraction(net * share.BasisPoints, 10_000);
        }

        var margin = fee - feeReturned - (bank - bankReturned);
        var parts = Divided(shares, margin);
        var payable = gross - refunds - (fee - feeReturned);
        var paidOut = BigInteger.Max(0, payable + carriedIn);
        return Text(
            gross, refunds, fee, feeReturned, bank - bankReturned, parts.Select(part => $"{part.Key}={part.Value}"),
            parts.Values.Aggregate(margin, (rest, part) => rest - part), payable, paidOut, payable + carriedIn - paidOut);
    }

    /// <summary>A statement of the product in the same words.</summary>
    public static string Of(Statement statement) => Text(
        statement.Gross.Value, statement.Refunds.Value, statement.Fee.Value, statement.FeeReturned.Value, statement.BankPart.Value,
        statement.DistributorParts.Select(part => $"{part.Distributor}={part.Part.Value}"),
        statement.PlatformPart.Value, statement.Payable.Value, statement.PaidOut.Value, statement.CarriedOut.Value);

    /// <summary>Amount × rate, half up.</summary>
    public static BigInteger Fee(BigInteger amount, int basisPoints) => (new Fraction(amount * basisPoints, 10_000) + Half).Floor;

    /// <summary>Refund ÷ what was left of the payment × what was left of its fee, half up.</summary>
    public static BigInteger Returned(BigInteger refund, BigInteger settled, BigInteger refundedBefore, BigInteger charged, BigInteger returnedBefore) =>
        (new Fraction(refund * (charged - returnedBefore), settled - refundedBefore) + Half).Floor;

    /// <summary>Rounded half away from zero, clamped; in proportion, by the largest remainders, where that is more than there is.</summary>
    private static SortedDictionary<string, BigInteger> Divided(Dictionary<string, Fraction> shares, BigInteger margin)
    {
        var sign = margin.Sign < 0 ? -1 : 1;
        var most = BigInteger.Abs(margin);
        // In the margin's direction: what points the other way is nothing.
        var wanted = shares.ToDictionary(share => share.Key, share => BigInteger.Min(most, BigInteger.Max(0, share.Value.Rounded * sign)));
        var all = wanted.Values.Aggregate(BigInteger.Zero, (sum, part) => sum + part);
        if (all > most)
        {
            // All have the same number below the line.
            var exact = wanted.ToDictionary(share => share.Key, share => new Fraction(share.Value * most, all));
            foreach (var (id, quota) in exact)
                wanted[id] = quota.Floor;
            var missing = most - wanted.Values.Aggregate(BigInteger.Zero, (sum, part) => sum + part);
            foreach (var (id, _) in exact.OrderByDescending(quota => quota.Value.Modulo).ThenBy(quota => quota.Key, StringComparer.Ordinal).Take((int)missing))
                wanted[id]++;
        }

        return new(wanted.ToDictionary(share => share.Key, share => share.Value * sign), StringComparer.Ordinal);
    }

    private static string Text(
        BigInteger gross, BigInteger refunds, BigInteger fee, BigInteger feeReturned, BigInteger bank, IEnumerable<string> distributors, BigInteger platform, BigInteger payable,
        BigInteger paidOut, BigInteger carriedOut) =>
        $"gross {gross}, refunds {refunds}, fee {fee}, returned {feeReturned}, bank {bank}, distributors {string.Join(' ', distributors)}, platform {platform}, " +
        $"payable {payable}, paid out {paidOut}, carried out {carriedOut}";

    /// <summary>A fraction with a positive denominator.</summary>
    private readonly record struct Fraction(BigInteger Above, BigInteger Below)
    {
        public static readonly Fraction Zero = new(0, 1);

        /// <summary>The largest whole number that is not more.</summary>
        public BigInteger Floor => (Above - Modulo) / Below;

        /// <summary>Half away from zero.</summary>
        public BigInteger Rounded => Above.Sign * (new Fraction(BigInteger.Abs(Above), Below) + Half).Floor;

        /// <summary>What is left above the line when that is taken off.</summary>
        public BigInteger Modulo => (Above % Below + Below) % Below;

        public static Fraction operator +(Fraction left, Fraction right) => new(left.Above * right.Below + right.Above * left.Below, left.Below * right.Below);
    }
}
