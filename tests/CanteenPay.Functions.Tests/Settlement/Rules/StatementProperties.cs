using System.Text.Json;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;
using static CanteenPay.Functions.Tests.Settlement.Rules.RandomDay;

namespace CanteenPay.Functions.Tests.Settlement.Rules;

/// <summary>What holds of every day, whatever chance made it of.</summary>
public sealed class StatementProperties
{
    [Fact]
    public void The_product_and_an_independent_reckoning_with_fractions_agree_on_ten_thousand_orders()
    {
        var random = new Random(20261122);
        for (var day = 0; day < 200; day++)
        {
            var made = RandomDay.Of(random, 50);
            StatementOracle.Of(Settled(made)).ShouldBe(StatementOracle.Of(made.Postings, made.Terms, made.CarriedIn.Value), $"day {day}");
        }
    }

    [Fact]
    public void No_fen_is_made_or_lost() => Holds(day =>
    {
        var statement = Settled(day);
        var net = statement.Gross - statement.Refunds;
        var fee = statement.Fee - statement.FeeReturned;
        return statement.Payable == net - fee
            && fee == statement.DistributorParts.Aggregate(statement.BankPart + statement.PlatformPart, (sum, part) => sum + part.Part)
            && statement.PaidOut + statement.CarriedOut == statement.Payable + statement.CarriedIn
            && statement.PaidOut >= Fen.Zero && statement.CarriedOut <= Fen.Zero
            && statement.Gross.Value == Sum(day, PostingKind.Payment) && statement.Refunds.Value == Sum(day, PostingKind.Refund);
    });

    [Fact]
    public void Nobody_pays_for_anothers_rounding() => Holds(day =>
    {
        var statement = Settled(day);
        var margin = statement.Fee - statement.FeeReturned - statement.BankPart;
        var (least, most) = margin < Fen.Zero ? (margin, Fen.Zero) : (Fen.Zero, margin);
        return statement.DistributorParts.All(part => part.Part >= least && part.Part <= most) && statement.PlatformPart >= least && statement.PlatformPart <= most;
    });

    [Fact]
    public void Order_doubles_and_repetitions_of_events_change_nothing() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Days.ToArbitrary(),
        ArbMap.Default.ArbFor<int>(),
        (day, seed) =>
        {
            var random = new Random(seed);
            var doubled = day.Postings.Concat(day.Postings.Where(_ => random.Next(3) == 0)).ToArray();
            random.Shuffle(doubled);
            return Text(Settled(day with { Postings = doubled })) == Text(Settled(day)) && Text(Settled(day)) == Text(Settled(day));
        }));

    [Fact]
    public void Refunding_the_whole_in_any_parts_returns_exactly_the_whole_fee_and_the_whole_of_the_banks_part() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        (from fen in Gen.Choose(1, 9_999_999)
         from rate in Gen.Choose(0, 300)
         from bank in Gen.Choose(0, rate)
         from cuts in Gen.Choose(1, fen).ListOf(5)
         select (fen, rate, bank, cuts)).ToArbitrary(),
        story =>
        {
            var paid = Payment(1, story.fen, story.rate, story.bank);
            var bounds = story.cuts.Append(0).Append(story.fen).Distinct().Order().ToList();
            var refunds = Refunds(paid, bounds.Zip(bounds.Skip(1), (from, to) => (long)(to - from)));

            var statement = Settled(new([Terms], [paid, .. refunds], Fen.Zero));

            return statement.Refunds == paid.Amount && statement.FeeReturned == statement.Fee && statement.BankPart == Fen.Zero && statement.PlatformPart == Fen.Zero
                && statement.Payable == Fen.Zero;
        }));

    [Fact]
    public void What_was_payable_is_paid_out_or_still_carried() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Days.NonEmptyListOf().ToArbitrary(),
        days =>
        {
            var (payable, paidOut, carried) = (Fen.Zero, Fen.Zero, Fen.Zero);
            foreach (var day in days)
            {
                var statement = Settled(day with { CarriedIn = carried });
                (payable, paidOut, carried) = (payable + statement.Payable, paidOut + statement.PaidOut, statement.CarriedOut);
            }

            return payable == paidOut + carried;
        }));

    private static DatedTerms Terms => new(Day, new FeeTerms(300, 0, []));

    /// <summary>A seed is all that chance needs; the number of orders is what shrinks.</summary>
    private static Gen<RandomDay> Days => from seed in Gen.Choose(0, int.MaxValue) from orders in Gen.Choose(0, 12) select RandomDay.Of(new Random(seed), orders);

    private static void Holds(Func<RandomDay, bool> property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Days.ToArbitrary(), property));

    private static Statement Settled(RandomDay day) => StatementRules.Of(Merchant, Day, day.Postings, day.Terms, day.CarriedIn);

    private static long Sum(RandomDay day, PostingKind kind) => day.Postings.Where(posting => posting.Kind == kind).Sum(posting => posting.Amount.Value);

    private static string Text(Statement statement) => JsonSerializer.Serialize(statement);
}
