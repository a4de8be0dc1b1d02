using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;
using static CanteenPay.Functions.Tests.Settlement.Rules.RandomDay;

namespace CanteenPay.Functions.Tests.Settlement.Rules;

/// <summary>What cannot be right is refused, and it is said whose it is, what is wrong and what is to be done.</summary>
public sealed class UnsettledTests
{
    private static readonly DatedTerms Good = new(Day.AddDays(-30), new FeeTerms(60, 20, [new(Distributors[0], 10)]));

    public static TheoryData<string, string> WrongPostings => new()
    {
        { "rate", "has a rate of 10001 basis points" },
        { "bank", "gives the bank 61 basis points" },
        { "nothing", "is of 0 fen" },
        { "negative", "is of -5 fen" },
        { "another day", "it counts on that day only" },
        { "adjusted to its own day", "an adjustment counts on a later day" },
        { "payment with refunds", "says what went back of it before" },
        { "refund of nothing known", "does not say how its order stood before" },
        { "refund of more than is left", "returns 501 fen of a payment of 1000, of which 500 had gone back before" },
        { "refund after the whole", "returns 1 fen of a payment of 1000, of which 1000 had gone back before" },
        { "fee returned before", "says that 7 fen of the fee had come back before, and it was 0 to 6" },
        { "bank returned before", "says that -1 fen of the bank's part had come back before" },
        { "fee returned without a refund", "says that 1 fen of the fee had come back before, and it was 0 to 0" },
    };

    [Theory]
    [MemberData(nameof(WrongPostings))]
    public void A_posting_that_contradicts_itself_or_its_day_is_refused(string what, string reason)
    {
        var paid = Payment(7, 1_000);
        var wrong = what switch
        {
            "rate" => paid with { RateBasisPoints = 10_001 },
            "bank" => paid with { BankCostBasisPoints = 61 },
            "nothing" => paid with { Amount = Fen.Zero },
            "negative" => paid with { Amount = new(-5) },
            "another day" => paid with { EventDay = Day.AddDays(-1) },
            "adjusted to its own day" => paid with { Key = PostingKeys.Adjusted(paid.Key) },
            "payment with refunds" => paid with { Before = new(new(1_000), new(0), new(0), new(0)) },
            "refund of nothing known" => Refund(paid, 1, 5, new(new(1_000), new(0), new(0), new(0))) with { Before = null },
            "refund of more than is left" => Refund(paid, 1, 501, new(new(1_000), new(500), new(3), new(1))),
            "refund after the whole" => Refund(paid, 1, 1, new(new(1_000), new(1_000), new(6), new(2))),
            "fee returned before" => Refund(paid, 1, 5, new(new(1_000), new(500), new(7), new(1))),
            "bank returned before" => Refund(paid, 1, 5, new(new(1_000), new(500), new(3), new(-1))),
            _ => Refund(paid, 1, 5, new(new(1_000), new(0), new(1), new(0))),
        };

        var refused = Refused([Payment(1, 1_000), wrong], [Good]);

        refused.ShouldStartWith($"2026-11-22 of merchant {Merchant} cannot be settled. The posting {wrong.Key} ");
        refused.ShouldContain(reason);
        refused.ShouldContain($"Compare it with the order {wrong.Order} and the channel's bill, then settle the day again.");
    }

    [Theory]
    [InlineData(10_001, 0, 0, "have a rate of 10001 basis points, and a rate is 0 to 10000")]
    [InlineData(-1, 0, 0, "have a rate of -1 basis points")]
    [InlineData(60, -1, 0, "have a bank's part of -1 basis points")]
    [InlineData(60, 20, -1, "have a share of -1 basis points for DSTR1BTR")]
    [InlineData(60, 20, 41, "give bank and distributors more than their rate of 60 basis points")]
    public void Terms_that_divide_more_than_the_whole_are_refused(int rate, int bank, int share, string reason)
    {
        var refused = Refused([], [Good, new(Day, new FeeTerms(rate, bank, [new(Distributors[0], share)]))]);

        refused.ShouldContain($"The terms from 2026-11-22 on {reason}");
        refused.ShouldEndWith("Correct the merchant's rates, then settle the day again.");
    }

    [Fact]
    public void Terms_that_are_not_there_or_twice_are_refused()
    {
        Refused([], []).ShouldContain("It has no rates. Enter the merchant's rate");
        Refused([], [Good, Good]).ShouldContain("are there twice");
        Refused([], [new(Day, new FeeTerms(60, 20, [new(Distributors[0], 1), new(Distributors[0], 1)]))]).ShouldContain("name a distributor twice");
    }

    [Fact]
    public void Sums_that_no_amount_can_hold_are_refused_with_whatever_was_wrong_first_named()
    {
        Refused([Payment(1, long.MaxValue), Payment(2, 1)], [Good]).ShouldContain("Its sums are more than an amount can be.");
        Refused([Payment(1, 5_000_000_000_000_000_000, paidDay: Day.AddDays(-40)), Payment(2, 5_000_000_000_000_000_000)], [new(Day.AddDays(-50), Good.Terms), Good])
            .ShouldContain("Its sums are more than an amount can be.");
        StatementRules.Of(Merchant, Day, [Payment(1, long.MaxValue)], [Good], Fen.Zero).Fee.ShouldBe(new Fen(55_340_232_221_128_655), "0.6 % of all that an amount can be");
    }

    [Fact]
    public void Two_events_under_one_key_are_refused() =>
        Refused([Payment(1, 1_000), Payment(1, 1_001)], [Good]).ShouldContain("is there twice with different contents");

    [Fact]
    public void More_than_nothing_is_never_carried() =>
        Should.Throw<UnsettledException>(() => StatementRules.Of(Merchant, Day, [], [Good], new Fen(1))).Message.ShouldContain("only what a merchant owes is carried");

    [Fact]
    public void Postings_that_do_not_come_in_the_order_of_their_keys_are_refused_since_none_are_kept()
    {
        using var sums = new StatementSums(Merchant, Day, [Good]);
        sums.Add(Payment(2, 1_000));
        sums.Add(Payment(2, 1_000) with { IsBelated = true });

        Should.Throw<UnsettledException>(() => sums.Add(Payment(1, 1_000))).Message.ShouldContain("they are read in the order of their keys");

        sums.ToStatement(Fen.Zero).PaymentCount.ShouldBe(1, "what was refused and what was there already do not count");
    }

    private static string Refused(IReadOnlyList<Posting> postings, IReadOnlyList<DatedTerms> terms) =>
        Should.Throw<UnsettledException>(() => StatementRules.Of(Merchant, Day, postings, terms, Fen.Zero)).Message;
}
