using System.Globalization;
using System.Numerics;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Settlement.Rules;

/// <summary>A merchant's day as chance makes it: small and very large payments, refunds of the same and of earlier days, rates that change, up to three distributors.</summary>
internal sealed record RandomDay(IReadOnlyList<DatedTerms> Terms, IReadOnlyList<Posting> Postings, Fen CarriedIn)
{
    public static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    public static readonly DateOnly Day = new(2026, 11, 22);
    public static readonly DistributorId[] Distributors = [DistributorId.Parse("DSTR1BTR"), DistributorId.Parse("0THERDST"), DistributorId.Parse("TH1RDDST")];

    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.FromHours(8));

    /// <param name="random">The chance.</param>
    /// <param name="orders">Orders that were paid that day or before; some are refunded.</param>
    public static RandomDay Of(Random random, int orders)
    {
        var terms = Enumerable.Range(0, random.Next(1, 4)).Select(at => new DatedTerms(Day.AddDays(-2 * at + random.Next(2)), RandomTerms(random))).ToList();
        var days = new List<Posting>();
        for (var order = 0; order < orders; order++)
            days.AddRange(RandomOrder(random, order, terms));
        return new(terms, days, new(-random.NextInt64(3) * random.NextInt64(1_000_000)));
    }

    /// <summary>A payment of the day.</summary>
    public static Posting Payment(int number, long fen, int rate = 60, int bank = 20, DateOnly? paidDay = null, DateOnly? day = null)
    {
        var (order, paid) = (IdOf(number), paidDay ?? day ?? Day);
        var key = PostingKeys.OfPayment(order);
        return new()
        {
            Key = paid == (day ?? Day) ? key : PostingKeys.Adjusted(key),
            Kind = PostingKind.Payment,
            Order = order,
            Amount = new(fen),
            At = Noon.AddSeconds(number % 3600),
            EventDay = paid,
            PaidDay = paid,
            RateBasisPoints = rate,
            BankCostBasisPoints = bank,
        };
    }

    /// <summary>A refund of the day, of a payment that may be older.</summary>
    public static Posting Refund(Posting paid, int number, long fen, RefundedBefore before) => paid with
    {
        Key = PostingKeys.OfRefund(new(paid.Order, number)),
        Kind = PostingKind.Refund,
        Refund = number,
        Amount = new(fen),
        EventDay = Day,
        Before = before,
    };

    /// <summary>Refunds of a payment in parts, each with how the order stood, by the oracle's arithmetic.</summary>
    public static IEnumerable<Posting> Refunds(Posting paid, IEnumerable<long> parts)
    {
        BigInteger settled = paid.Amount.Value, refunded = 0, fee = 0, bank = 0;
        foreach (var (at, part) in parts.Index())
        {
            yield return Refund(paid, at + 1, part, new(paid.Amount, new((long)refunded), new((long)fee), new((long)bank)));
            fee += StatementOracle.Returned(part, settled, refunded, StatementOracle.Fee(settled, paid.RateBasisPoints), fee);
            bank += StatementOracle.Returned(part, settled, refunded, StatementOracle.Fee(settled, paid.BankCostBasisPoints), bank);
            refunded += part;
        }
    }

    private static IEnumerable<Posting> RandomOrder(Random random, int number, List<DatedTerms> terms)
    {
        var paidDay = random.Next(4) == 0 ? Day.AddDays(-random.Next(7)) : Day;
        var (rate, bank) = random.Next(3) == 0 ? Snapshot(random) : (terms[0].Terms.RateBasisPoints, terms[0].Terms.BankCostBasisPoints);
        var paid = Payment(number, RandomAmount(random), rate, bank, paidDay);
        var isCounted = paidDay == Day || random.Next(10) == 0;
        if (isCounted)
            yield return paid;
        if (isCounted && random.Next(3) > 0)
            yield break;
        var left = paid.Amount.Value;
        var parts = new List<long>();
        while (left > 0 && parts.Count < 4)
        {
            parts.Add(random.Next(3) == 0 ? left : random.NextInt64(1, left + 1));
            left -= parts[^1];
        }

        // What went back on earlier days is no event of this one.
        foreach (var refund in Refunds(paid, parts).Skip(paidDay == Day ? 0 : random.Next(parts.Count)))
            yield return refund;
    }

    private static FeeTerms RandomTerms(Random random)
    {
        var (rate, bank) = Snapshot(random);
        var left = rate - bank;
        var shares = new List<FeeShare>();
        foreach (var distributor in Distributors.Take(random.Next(4)))
        {
            shares.Add(new(distributor, random.Next(left + 1)));
            left -= shares[^1].BasisPoints;
        }

        return new(rate, bank, shares);
    }

    private static (int Rate, int Bank) Snapshot(Random random)
    {
        var rate = random.Next(20) == 0 ? random.Next(10_001) : random.Next(120);
        return (rate, random.Next(rate + 1));
    }

    private static long RandomAmount(Random random) => random.Next(10) switch
    {
        < 4 => random.Next(1, 1_000),
        < 9 => random.Next(1, 10_000_000),
        _ => random.NextInt64(1, 1L << random.Next(2, 48)),
    };

    private static OrderId IdOf(int number) =>
        OrderId.New(Day, Merchant, DeviceId.Parse("DEVMACH1"), length => number.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0'));
}
