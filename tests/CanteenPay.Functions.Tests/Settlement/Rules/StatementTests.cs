using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;
using static CanteenPay.Functions.Tests.Settlement.Rules.RandomDay;

namespace CanteenPay.Functions.Tests.Settlement.Rules;

/// <summary>The numbers that the rules' texts give, and the edges between them.</summary>
public sealed class StatementTests
{
    [Theory]
    [InlineData(83, 0)]
    [InlineData(84, 1)]
    [InlineData(249, 1)]
    [InlineData(250, 2)]
    [InlineData(416, 2)]
    [InlineData(417, 3)]
    [InlineData(1000, 6)]
    [InlineData(121400, 728)]
    public void An_order_costs_its_rate_half_up_to_the_fen(long amount, long fee) => Of([Payment(1, amount)], Terms()).Fee.ShouldBe(new Fen(fee));

    [Fact]
    public void Each_order_is_rounded_by_itself_and_not_their_sum() =>
        Of([.. Enumerable.Range(0, 100).Select(number => Payment(number, 83))], Terms()).Fee.ShouldBe(Fen.Zero);

    [Fact]
    public void Fee_and_banks_part_come_back_by_the_running_rule_of_WeChats_statement()
    {
        var paid = Payment(1, 121_400, paidDay: Day.AddDays(-3));
        List<(long Fee, long Bank)> returned = [];
        foreach (var refund in Refunds(paid, [79_800, 21_800, 19_800]))
        {
            var statement = Of([refund], Terms());
            returned.Add((statement.FeeReturned.Value, -statement.BankPart.Value));
        }

        returned.Select(part => part.Fee).ShouldBe([479, 130, 119]);
        // 243 at 0.2 %: 159.7, then 43.8 of 83 for 41,600, then the rest.
        returned.Select(part => part.Bank).ShouldBe([160, 43, 40]);
    }

    [Theory]
    [InlineData(499, 0)]
    [InlineData(500, 1)]
    [InlineData(1_499, 1)]
    [InlineData(1_500, 2)]
    public void A_tenth_of_a_percent_is_rounded_once_half_away_from_zero(long amount, long part) => PartOf([Payment(1, amount)], Terms(shares: (0, 10))).ShouldBe(part);

    [Fact]
    public void A_distributor_gets_what_is_exact_over_the_day_and_not_a_sum_of_rounded_parts() =>
        PartOf([.. Enumerable.Range(0, 1_000).Select(number => Payment(number, 499))], Terms(shares: (0, 10))).ShouldBe(499);

    [Fact]
    public void On_a_day_of_refunds_everything_goes_the_other_way()
    {
        var paid = Payment(1, 50_000, paidDay: Day.AddDays(-1));

        var statement = Of([.. Refunds(paid, [50_000])], Terms(shares: (0, 10)), carriedIn: -7);

        (statement.PaymentCount, statement.RefundCount).ShouldBe((0, 1));
        (statement.FeeReturned.Value, statement.BankPart.Value, statement.DistributorParts.Single().Part.Value, statement.PlatformPart.Value).ShouldBe((300, -100, -50, -150));
        (statement.Payable.Value, statement.PaidOut.Value, statement.CarriedOut.Value).ShouldBe((-49_700, 0, -49_707));
    }

    [Fact]
    public void What_was_carried_is_paid_back_first()
    {
        var statement = Of([Payment(1, 10_000)], Terms(), carriedIn: -4_000);

        (statement.Payable.Value, statement.CarriedIn.Value, statement.PaidOut.Value, statement.CarriedOut.Value).ShouldBe((9_940, -4_000, 5_940, 0));
    }

    [Fact]
    public void A_day_without_business_carries_what_was_carried()
    {
        var statement = Of([], Terms(), carriedIn: -4_000);

        (statement.Payable.Value, statement.PaidOut.Value, statement.CarriedOut.Value).ShouldBe((0, 0, -4_000));
        statement.Terms.ShouldBeEmpty();
        statement.PostingsDigest.ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "SHA-256 of nothing");
    }

    [Fact]
    public void A_share_never_takes_more_than_what_is_left_after_the_bank()
    {
        // 83 fen cost nothing, so there is nothing to share, though a share of 40 is 33 hundredths of a fen each.
        PartOf([.. Enumerable.Range(0, 100).Select(number => Payment(number, 83))], Terms(shares: (0, 40))).ShouldBe(0);
        // 84 fen cost 1 fen, of which the bank gets nothing: 100 are left of 34 wanted.
        PartOf([.. Enumerable.Range(0, 100).Select(number => Payment(number, 84))], Terms(shares: (0, 40))).ShouldBe(34);
    }

    [Fact]
    public void Several_who_want_more_than_there_is_get_it_in_proportion_and_a_tie_goes_to_the_smaller_id()
    {
        // One order of 250 fen at 0.6 %: 2 fen, the bank has 1 of them. Both want 0.5 rounded up to 1, and there is 1.
        var statement = Of([Payment(1, 250)], Terms(shares: [(0, 20), (1, 20)]));

        statement.DistributorParts.Select(part => (part.Distributor, part.Part.Value)).ShouldBe([(Distributors[1], 1), (Distributors[0], 0)]);
        statement.PlatformPart.ShouldBe(Fen.Zero);
    }

    [Fact]
    public void The_terms_of_the_day_of_payment_hold_for_a_refund_too_and_the_first_for_days_before_them()
    {
        IReadOnlyList<DatedTerms> terms = [Dated(Day, 60, 20, (0, 30)), Dated(Day.AddDays(-2), 60, 20, (0, 10))];
        var old = Payment(1, 100_000, paidDay: Day.AddDays(-1));
        var older = Payment(2, 100_000, paidDay: Day.AddDays(-9));

        var statement = Of([.. Refunds(old, [100_000]), .. Refunds(older, [100_000]), Payment(3, 1_000_000)], terms);

        statement.DistributorParts.Single().Part.ShouldBe(new Fen(3_000 - 100 - 100));
        statement.Terms.Select(line => (line.ValidFrom, line.Payments.Value, line.Refunds.Value))
            .ShouldBe([(Day.AddDays(-2), 0, 200_000), (Day, 1_000_000, 0)]);
    }

    [Fact]
    public void An_adjustment_counts_like_any_other_and_is_counted_apart()
    {
        var statement = Of([Payment(1, 1_000), Payment(2, 1_000, paidDay: Day.AddDays(-1))], Terms());

        (statement.PaymentCount, statement.AdjustmentCount, statement.Gross.Value).ShouldBe((2, 1, 2_000));
    }

    [Fact]
    public void When_a_posting_was_made_changes_nothing_and_what_happened_changes_the_digest()
    {
        var posting = Payment(1, 1_000);
        var digest = Of([posting], Terms()).PostingsDigest;

        Of([posting with { IsBelated = true }], Terms()).PostingsDigest.ShouldBe(digest);
        foreach (var other in (IEnumerable<Posting>)[posting with { ChannelNo = "1" }, posting with { IsLate = true }, posting with { At = posting.At.AddSeconds(1) }, Payment(2, 1_000)])
            Of([other], Terms()).PostingsDigest.ShouldNotBe(digest);
    }

    private static Statement Of(IReadOnlyList<Posting> postings, IReadOnlyList<DatedTerms> terms, long carriedIn = 0) =>
        StatementRules.Of(Merchant, Day, postings, terms, new Fen(carriedIn));

    private static long PartOf(IReadOnlyList<Posting> postings, IReadOnlyList<DatedTerms> terms) => Of(postings, terms).DistributorParts.Single().Part.Value;

    private static IReadOnlyList<DatedTerms> Terms(params (int Distributor, int BasisPoints)[] shares) => [Dated(Day.AddDays(-30), 60, 20, shares)];

    private static DatedTerms Dated(DateOnly from, int rate, int bank, params (int Distributor, int BasisPoints)[] shares) =>
        new(from, new FeeTerms(rate, bank, [.. shares.Select(share => new FeeShare(Distributors[share.Distributor], share.BasisPoints))]));
}
