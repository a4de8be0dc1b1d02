using System.Globalization;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Tests.Settlement.Rules;

namespace CanteenPay.Benchmarks.Settlement;

/// <summary>The rules beside an independent reckoning in fractions of big integers, over random days: one difference and it fails.</summary>
internal static class RulesBesideOracle
{
    private const int OrdersOfADay = 500;

    public static void Run(int orders, int seed)
    {
        var random = new Random(seed);
        var (days, postings) = (0, 0L);
        for (var made = 0; made < orders; made += OrdersOfADay, days++)
        {
            var day = RandomDay.Of(random, OrdersOfADay);
            var ours = StatementOracle.Of(StatementRules.Of(RandomDay.Merchant, RandomDay.Day, day.Postings, day.Terms, day.CarriedIn));
            var theirs = StatementOracle.Of(day.Postings, day.Terms, day.CarriedIn.Value);
            if (ours != theirs)
                throw new InvalidOperationException($"Day {days} of seed {seed} differs. The rules: {ours}. The oracle: {theirs}.");
            postings += day.Postings.Count;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{days * OrdersOfADay} random orders ({postings} postings in {days} days, seed {seed}): every statement agrees with the oracle's, to the fen."));
    }
}
