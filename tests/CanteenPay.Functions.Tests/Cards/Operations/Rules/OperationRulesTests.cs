using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Cards.Operations.Rules;

/// <summary>What each operation does to an account, as values.</summary>
public sealed class OperationRulesTests
{
    private static readonly DateOnly Today = BusinessDay.Of(World.Noon);

    [Fact]
    public void A_subsidy_is_a_lot_of_its_own_that_ends_with_its_day()
    {
        var granted = Desk.Do(new GrantSubsidy(new Fen(30_00), Today), Desk.Account(0), key: "grant-0001").Done();

        granted.Account.Purses[1].ShouldBe(Desk.Subsidy("grant-0001", 30_00, Today));
        granted.Entries.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            entry => (entry.Kind, entry.Lot, entry.Purse).ShouldBe((LedgerKind.Subsidy, "grant-0001", Purse.Subsidy)),
            entry => (entry.Amount, entry.BalanceAfter).ShouldBe((new Fen(30_00), new Fen(30_00))),
            entry => (entry.Operation, entry.PostingDay).ShouldBe(("grant-0001", Today)));
    }

    [Fact]
    public void A_subsidy_that_could_never_be_spent_is_refused() =>
        Desk.Do(new GrantSubsidy(new Fen(1), Today.AddDays(-1)), Desk.Account(0)).Refusal().ShouldBe(OperationRefusal.ValidUntilPast);

    [Fact]
    public void An_account_holds_so_many_lots_and_no_more_unless_one_is_long_over()
    {
        var full = Desk.Account(0, [.. Enumerable.Range(1, 23).Select(n => Desk.Subsidy($"grant-{n:D4}", 100))]);
        Desk.Do(new GrantSubsidy(new Fen(1), null), full).Refusal().ShouldBe(OperationRefusal.TooManyLots);

        var expired = Desk.Subsidy("grant-0009", 0, Today.AddDays(-61)) with { Expired = new Fen(100), ExpiredAt = World.Noon.AddDays(-61) };
        var roomy = full with { Purses = [.. full.Purses.Select(lot => lot.Lot == "grant-0009" ? expired : lot)] };
        var granted = Desk.Do(new GrantSubsidy(new Fen(1), null), roomy).Done();
        granted.Account.Purses.Count.ShouldBe(24);
        granted.Account.Purses.ShouldNotContain(expired);
        granted.Account.Balance.ShouldBe(roomy.Balance + new Fen(1));

        var young = full with { Purses = [.. full.Purses.Select(lot => lot.Lot == "grant-0009" ? expired with { ExpiredAt = World.Noon.AddDays(-59) } : lot)] };
        Desk.Do(new GrantSubsidy(new Fen(1), null), young).Refusal().ShouldBe(OperationRefusal.TooManyLots, "a late tap may still take its expiry back");
    }

    [Fact]
    public void A_lot_that_is_left_out_and_spent_late_is_missed_in_the_balance_all_the_same()
    {
        var account = Desk.Account(10_00, [.. Enumerable.Range(1, 23).Select(n => Desk.Subsidy($"grant-{n:D4}", n == 9 ? 0 : 100))]);
        var granted = Desk.Do(new GrantSubsidy(new Fen(1), null), account).Done().Account;

        AccountView.Change(granted, "grant-0009", Purse.Subsidy, new Fen(-5)).Balance.ShouldBe(granted.Balance - new Fen(5));
    }

    [Fact]
    public void An_expiry_leaves_the_lot_with_what_expired_and_when()
    {
        var expired = Desk.Do(new ExpireLot("grant-0001"), Desk.Account(5, Desk.Subsidy("grant-0001", 30_00))).Done();

        expired.Account.Purses[1].ShouldBe(Desk.Subsidy("grant-0001", 0) with { Expired = new Fen(30_00), ExpiredAt = World.Noon });
        expired.Entries.ShouldHaveSingleItem().Kind.ShouldBe(LedgerKind.Expiry);
        Desk.Do(new ExpireLot("grant-0001"), expired.Account).Refusal().ShouldBe(OperationRefusal.NothingLeft);

        var refilled = AccountView.Change(expired.Account, "grant-0001", Purse.Subsidy, new Fen(2_00));
        Desk.Do(new ExpireLot("grant-0001"), refilled).Done().Account.Purses[1].Expired.ShouldBe(new Fen(32_00));
    }

    [Theory]
    [InlineData("cash")]
    [InlineData("grant-0002")]
    public void Cash_does_not_expire_nor_what_is_not_there(string lot) =>
        Desk.Do(new ExpireLot(lot), Desk.Account(5, Desk.Subsidy("grant-0001", 30_00))).Refusal().ShouldBe(OperationRefusal.LotUnknown);

    [Fact]
    public void An_eleventh_card_takes_the_place_of_the_oldest_that_was_cancelled_long_ago()
    {
        AccountCard Cancelled(int n, int daysAgo) => new(CardNo.Parse($"AAAAAA{n:D2}"), CardState.Cancelled) { Since = World.Noon.AddDays(-daysAgo) };
        var young = Desk.Account(0) with { Cards = [new(Desk.Card, CardState.Active), .. Enumerable.Range(1, 9).Select(n => Cancelled(n, 59))] };
        var replace = new ReplaceCard(Desk.Card, CardNo.Parse("0A0B0C0E"));
        Desk.Do(replace, young).Refusal().ShouldBe(OperationRefusal.TooManyCards);

        var old = young with { Cards = [.. young.Cards.Take(8), Cancelled(8, 61), Cancelled(9, 62)] };
        var replaced = Desk.Do(replace, old).Done().Account.Cards;
        (replaced.Count, replaced[^1].No, replaced[^2].No).ShouldBe((10, replace.NewCard, CardNo.Parse("AAAAAA08")));
        replaced[0].ShouldBe(new(Desk.Card, CardState.Cancelled) { Since = World.Noon });
    }

    [Theory]
    [InlineData(100, 30, 100, 30)]
    [InlineData(100, -30, 70, 0)]
    [InlineData(-20, 30, 0, 10)]
    [InlineData(-50, 30, 0, 0)]
    [InlineData(20, -30, 0, 0)]
    [InlineData(0, 0, 0, 0)]
    public void A_purse_that_was_spent_too_far_is_made_good_from_the_other_before_anything_is_paid_out(long cash, long subsidy, long paid, long expired)
    {
        var account = Desk.Account(cash, Desk.Subsidy("grant-0001", subsidy));

        ClosingRules.Due(account).ShouldBe((new Fen(paid), new Fen(expired)));
        var closed = ClosingRules.End(account, Desk.At(World.Noon)).Account;
        closed.Balance.Value.ShouldBe(Math.Min(0, cash + subsidy));
    }

    [Fact]
    public void What_is_withheld_stays_and_more_than_there_is_keeps_all()
    {
        var account = Desk.Account(100, Desk.Subsidy("grant-0001", 30));

        Desk.Do(new CloseAccount(new Fen(40)), account).Done().Entries.ShouldHaveSingleItem().Amount.ShouldBe(new Fen(60));
        Desk.Do(new CloseAccount(new Fen(101)), account).Done().Entries.ShouldBeEmpty();
        Desk.Do(new CloseAccount(), account).Done().Entries.ShouldBeEmpty();
        Desk.Do(new CloseAccount(Fen.Zero), account).Done().Entries.ShouldHaveSingleItem().Amount.ShouldBe(new Fen(100));
    }

    [Fact]
    public void A_top_up_is_taken_back_only_while_all_of_it_is_there()
    {
        Facts Of(LedgerKind kind, string lot, long fen) => new() { Operation = [Line(kind, lot, fen)] };

        Desk.Do(new ReverseOperation("topup-0001"), Desk.Account(50), facts: Of(LedgerKind.TopUp, "cash", 50)).Done().Account.Balance.ShouldBe(Fen.Zero);
        Desk.Do(new ReverseOperation("topup-0001"), Desk.Account(49), facts: Of(LedgerKind.TopUp, "cash", 50)).Refusal().ShouldBe(OperationRefusal.AlreadySpent);
        Desk.Do(new ReverseOperation("topup-0001"), Desk.Account(50, Desk.Subsidy("grant-0001", -1)), facts: Of(LedgerKind.TopUp, "cash", 50)).Refusal()
            .ShouldBe(OperationRefusal.AlreadySpent, "a subsidy that was spent too far is owed by the cash");
        Desk.Do(new ReverseOperation("grant-0001"), Desk.Account(50, Desk.Subsidy("grant-0001", 9)), facts: Of(LedgerKind.Subsidy, "grant-0001", 10)).Refusal()
            .ShouldBe(OperationRefusal.AlreadySpent);
        Desk.Do(new ReverseOperation("payout"), Desk.Account(50), facts: Of(LedgerKind.Payout, "cash", 10)).Refusal().ShouldBe(OperationRefusal.NotReversible);
        Desk.Do(new ReverseOperation("nothing"), Desk.Account(50)).Refusal().ShouldBe(OperationRefusal.NotReversible);
    }

    [Fact]
    public void An_account_that_is_there_is_not_opened_over() =>
        Desk.Do(new OpenAccount(CardNo.Parse("0A0B0C0E"), "staff"), Desk.Account(5)).Refusal().ShouldBe(OperationRefusal.AccountTaken);

    public static TheoryData<string> MoneyIn => ["top up", "subsidy", "found", "replace"];

    [Theory]
    [MemberData(nameof(MoneyIn))]
    public void An_account_that_closes_takes_nothing_more(string what)
    {
        CardOperation operation = what switch
        {
            "top up" => new TopUp(new Fen(1)),
            "subsidy" => new GrantSubsidy(new Fen(1), null),
            "found" => new ReportFound(Desk.Card),
            _ => new ReplaceCard(Desk.Card, CardNo.Parse("0A0B0C0E")),
        };
        foreach (var state in new[] { AccountState.Closing, AccountState.Closed })
            Desk.Do(operation, Desk.Account(5) with { State = state }).Refusal().ShouldBe(OperationRefusal.AccountClosed);
    }

    private static LedgerEntry Line(LedgerKind kind, string lot, long fen) => new()
    {
        AccountId = Desk.Id,
        Kind = kind,
        Purse = lot == PurseLot.Cash ? Purse.Cash : Purse.Subsidy,
        Lot = lot,
        Amount = new Fen(fen),
        BalanceAfter = new Fen(fen),
        At = World.Noon,
        PostingDay = Today,
    };
}
