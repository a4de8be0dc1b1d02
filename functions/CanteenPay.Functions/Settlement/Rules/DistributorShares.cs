using System.Runtime.InteropServices;
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
    public static IReadOnlyList<DistributorPart> Of(List<TermsLine> lines, Fen margin)
    {
        var parts = Exact(lines);
        var wanted = Int128.Zero;
        foreach (ref var part in CollectionsMarshal.AsSpan(parts))
        {
            part.Sum = Held(Rounded(part.Sum), margin.Value);
            wanted += Int128.Abs(part.Sum);
        }

        var magnitude = Int128.Abs(margin.Value);
        if (wanted > magnitude)
            Reduce(parts, wanted, magnitude, isNegative: margin < Fen.Zero);
        var divided = new DistributorPart[parts.Count];
        for (var at = 0; at < divided.Length; at++)
            divided[at] = new(parts[at].Distributor, new(checked((long)parts[at].Sum)));
        return divided;
    }

    /// <summary>Each one's shares in fen × basis points, in the order of their ids. They are few, and found faster by looking at each than by a hash.</summary>
    private static List<(DistributorId Distributor, Int128 Sum)> Exact(List<TermsLine> lines)
    {
        var exact = new List<(DistributorId Distributor, Int128 Sum)>();
        foreach (var line in lines)
        {
            var net = (Int128)line.Payments.Value - line.Refunds.Value;
            for (var at = 0; at < line.Shares.Count; at++)
            {
                var share = line.Shares[at];
                var known = IndexOf(exact, share.Distributor);
                if (known < 0)
                    exact.Add((share.Distributor, net * share.BasisPoints));
                else
                    exact[known] = (share.Distributor, exact[known].Sum + net * share.BasisPoints);
            }
        }

        exact.Sort(static (left, right) => string.CompareOrdinal(left.Distributor.Value, right.Distributor.Value));
        return exact;
    }

    private static int IndexOf(List<(DistributorId Distributor, Int128 Sum)> parts, DistributorId distributor)
    {
        for (var at = 0; at < parts.Count; at++)
        {
            if (parts[at].Distributor == distributor)
                return at;
        }

        return -1;
    }

    private static Int128 Rounded(Int128 basisPointFen)
    {
        if ((long)basisPointFen == basisPointFen)
        {
            // What any merchant comes to; 128 bits take several times as long.
            var (fen, left) = Math.DivRem((long)basisPointFen, TermsCalendar.Whole);
            return Math.Abs(left) * 2 >= TermsCalendar.Whole ? fen + Math.Sign(left) : fen;
        }

        var (whole, rest) = (basisPointFen / TermsCalendar.Whole, basisPointFen % TermsCalendar.Whole);
        return Int128.Abs(rest) * 2 >= TermsCalendar.Whole ? whole + Int128.Sign(rest) : whole;
    }

    private static Int128 Held(Int128 part, Int128 margin) => margin < 0 ? Int128.Clamp(part, margin, 0) : Int128.Clamp(part, 0, margin);

    private static void Reduce(List<(DistributorId Distributor, Int128 Sum)> parts, Int128 wanted, Int128 magnitude, bool isNegative)
    {
        var exact = parts.Select(part => Int128.Abs(part.Sum) * magnitude).ToList();
        var reduced = exact.Select(part => part / wanted).ToList();
        var missing = (int)(magnitude - reduced.Aggregate(Int128.Zero, (sum, part) => sum + part));
        // The order is stable, so a tie goes by the ids.
        foreach (var at in Enumerable.Range(0, parts.Count).OrderByDescending(at => exact[at] % wanted).Take(missing))
            reduced[at]++;
        for (var at = 0; at < parts.Count; at++)
            parts[at] = (parts[at].Distributor, isNegative ? -reduced[at] : reduced[at]);
    }
}
