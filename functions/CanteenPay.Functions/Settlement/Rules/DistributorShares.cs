using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>The distributors' parts of a statement's fee.</summary>
internal static class DistributorShares
{
    /// <summary>
    /// Each one's share of what was paid and went back under each of the terms, summed exactly, rounded once, half away from zero, and held between nothing and the margin.
    /// If together they are more than the margin they get the margin in proportion to what each would have got, in whole fen by the largest remainders (at a tie the smaller id first): so
    /// we never pay for their rounding.
    /// </summary>
    /// <param name="lines">What the statement holds under each of the terms.</param>
    /// <param name="margin">What is left of the net fee after the bank's part; negative when more went back than came.</param>
    /// <returns>In the order of their ids, also those who get nothing.</returns>
    /// <exception cref="OverflowException">A part is more than an amount can be.</exception>
    public static IReadOnlyList<DistributorPart> Of(IReadOnlyList<TermsLine> lines, Fen margin)
    {
        var exact = new SortedDictionary<string, (DistributorId Distributor, Int128 BasisPointFen)>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var net = (Int128)line.Payments.Value - line.Refunds.Value;
            foreach (var share in line.Shares)
            {
                var before = exact.TryGetValue(share.Distributor.Value, out var sum) ? sum.BasisPointFen : 0;
                exact[share.Distributor.Value] = (share.Distributor, before + net * share.BasisPoints);
            }
        }

        var parts = exact.Values.Select(sum => (sum.Distributor, Part: Held(Rounded(sum.BasisPointFen), margin.Value))).ToList();
        var magnitude = Int128.Abs(margin.Value);
        var wanted = parts.Aggregate(Int128.Zero, (sum, part) => sum + Int128.Abs(part.Part));
        return wanted <= magnitude
            ? [.. parts.Select(part => new DistributorPart(part.Distributor, Amount(part.Part)))]
            : Reduced(parts, wanted, magnitude, isNegative: margin < Fen.Zero);
    }

    private static Int128 Rounded(Int128 basisPointFen)
    {
        var (whole, rest) = (basisPointFen / TermsCalendar.Whole, basisPointFen % TermsCalendar.Whole);
        return Int128.Abs(rest) * 2 >= TermsCalendar.Whole ? whole + Int128.Sign(rest) : whole;
    }

    private static Int128 Held(Int128 part, Int128 margin) => margin < 0 ? Int128.Clamp(part, margin, 0) : Int128.Clamp(part, 0, margin);

    private static IReadOnlyList<DistributorPart> Reduced(
        List<(DistributorId Distributor, Int128 Part)> parts, Int128 wanted, Int128 magnitude, bool isNegative)
    {
        var reduced = parts.Select(part => Int128.Abs(part.Part) * magnitude / wanted).ToArray();
        var missing = (int)(magnitude - reduced.Aggregate(Int128.Zero, (sum, part) => sum + part));
        // The order is stable, so a tie goes by the ids.
        foreach (var at in Enumerable.Range(0, parts.Count).OrderByDescending(at => Int128.Abs(parts[at].Part) * magnitude % wanted).Take(missing))
            reduced[at]++;
        return [.. parts.Select((part, at) => new DistributorPart(part.Distributor, Amount(isNegative ? -reduced[at] : reduced[at])))];
    }

    private static Fen Amount(Int128 fen) => new(checked((long)fen));
}
