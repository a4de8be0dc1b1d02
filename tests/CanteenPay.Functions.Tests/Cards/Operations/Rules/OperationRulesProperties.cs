using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace CanteenPay.Functions.Tests.Cards.Operations.Rules;

/// <summary>Whatever the office does, in whatever order, to whatever account.</summary>
public sealed class OperationRulesProperties
{
    private static readonly CardNo[] Numbers = [Desk.Card, CardNo.Parse("0A0B0C0E"), CardNo.Parse("0A0B0C0F")];

    private static readonly Gen<CardOperation> Operations = Gen.Frequency<CardOperation>(
        (4, Amounts().Select(amount => (CardOperation)new TopUp(amount))),
        (4, Amounts().Select(amount => (CardOperation)new GrantSubsidy(amount))),
        (3, Gen.Choose(0, 40).Select(n => (CardOperation)new ExpireLot(Key(n)))),
        (2, Gen.Choose(0, 40).Select(n => (CardOperation)new ReverseOperation(Key(n)))),
        (1, Gen.Elements(Numbers).Select(no => (CardOperation)new ReportLost(no))),
        (1, Gen.Elements(Numbers).Select(no => (CardOperation)new ReportFound(no))),
        (1, Gen.Elements(Numbers).SelectMany(no => Gen.Elements(Numbers).Select(other => (CardOperation)new ReplaceCard(no, other)))),
        (1, Gen.Choose(0, 20_000).Select(fen => (CardOperation)new CloseAccount(new Fen(fen)))),
        (1, Gen.Constant<CardOperation>(new CloseAccount())));

    /// <summary>An operation, or what a machine's tap takes from cash, in fen.</summary>
    private static readonly Arbitrary<(CardOperation? Operation, int Spent)[]> Stories = Gen.Frequency(
        (3, Operations.Select(operation => ((CardOperation?)operation, 0))),
        (1, Gen.Choose(1, 9_000).Select(fen => ((CardOperation?)null, fen)))).ArrayOf().ToArbitrary();

    private static Gen<Fen> Amounts() => Gen.Choose(1, 20_000).Select(fen => new Fen(fen));

    [Fact]
    public void The_balance_is_the_sum_of_the_entries_in_all_and_lot_by_lot() => Holds((account, entries, spent) =>
        account.Balance == entries.Aggregate(Fen.Zero - spent, (sum, entry) => sum + entry.Change)
        && account.Purses.All(lot => lot.Balance ==
            entries.Where(entry => entry.Lot == lot.Lot).Aggregate(lot.Kind == Purse.Cash ? Fen.Zero - spent : Fen.Zero, (sum, entry) => sum + entry.Change)));

    [Fact]
    public void No_entry_is_negative_and_each_says_what_is_left_of_its_lot() =>
        Holds((_, entries, _) => entries.All(entry => entry.Amount > Fen.Zero && entry.Operation is not null));

    [Fact]
    public void What_comes_in_never_goes_out_twice() => Holds((_, entries, _) =>
    {
        var cameIn = entries.Where(entry => entry.Change > Fen.Zero).Aggregate(Fen.Zero, (sum, entry) => sum + entry.Change);
        var wentOut = entries.Where(entry => entry.Change < Fen.Zero).Aggregate(Fen.Zero, (sum, entry) => sum - entry.Change);
        return wentOut <= cameIn;
    });

    [Fact]
    public void An_account_stays_small_and_a_closed_one_has_no_card_that_pays() => Holds((account, _, _) =>
        account.Purses.Count <= RoomRules.MaxLots && account.Cards.Count <= RoomRules.MaxCards
        && (account.State != AccountState.Closed || account.Cards.All(card => card.State == CardState.Cancelled)));

    [Fact]
    public void What_is_left_of_a_closed_account_is_nothing_or_a_debt() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Stories, story =>
    {
        var (account, _, _) = Tell(story);
        var closed = ClosingRules.End(account, Desk.At(World.Noon));
        return closed.Account.Balance == (account.Balance < Fen.Zero ? account.Balance : Fen.Zero)
            && closed.Entries.All(entry => entry.Kind is LedgerKind.Payout or LedgerKind.Expiry && entry.Amount > Fen.Zero);
    }));

    private static string Key(int n) => $"operation-{n:D3}";

    private static (CardAccount Account, List<LedgerEntry> Entries, Fen Spent) Tell((CardOperation? Operation, int Spent)[] story)
    {
        var account = Desk.Account(0);
        var entries = new List<LedgerEntry>();
        var reversed = new HashSet<string>();
        var spent = Fen.Zero;
        foreach (var (n, (operation, fen)) in story.Index())
        {
            if (operation is null)
            {
                account = AccountView.Change(account, PurseLot.Cash, Purse.Cash, new Fen(-fen));
                spent += new Fen(fen);
                continue;
            }

            var facts = operation is ReverseOperation { Operation: var key }
                ? new Facts { Operation = [.. entries.Where(entry => entry.Operation == key)], ReversedBefore = reversed.Contains(key) }
                : new Facts();
            if (Desk.Do(operation, account, facts: facts, key: Key(n)) is not Moved moved)
                continue;
            if (operation is ReverseOperation { Operation: var done })
                reversed.Add(done).ShouldBeTrue("nothing is taken back twice");
            account = moved.Account;
            entries.AddRange(moved.Entries);
        }

        return (account, entries, spent);
    }

    private static void Holds(Func<CardAccount, IReadOnlyList<LedgerEntry>, Fen, bool> property) => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll(Stories, story =>
    {
        var (account, entries, spent) = Tell(story);
        return property(account, entries, spent);
    }));
}
