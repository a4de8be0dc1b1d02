using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.People;

namespace CanteenPay.Simulation.Invariants;

/// <summary>The end of a card story: faults are over, time has passed, and people, machines and the cloud must agree about every fen.</summary>
/// <param name="books">The cloud's books of a merchant.</param>
/// <param name="machines">The merchant's machines.</param>
/// <param name="wishes">What its office wanted.</param>
/// <param name="verdict">Keeps what is found.</param>
internal sealed class CardReckoning(CardBooks books, IReadOnlyList<Machine> machines, IReadOnlyList<Wish> wishes, Verdict verdict)
{
    /// <summary>Rows of the merchant were put back to an earlier state: the ledger may have lines of what nobody has moved any more.</summary>
    public bool WasPutBack { get; init; }

    public const string Keys = "an operation with one key moves money once";
    public const string Views = "machines know what the cloud knows";
    public const string Loops = "the closed loop is zero";
    public const string Rest = "nothing is left to do";
    public const string Frozen = "no card is frozen by itself";
    public const string Closing = "closing pays out once";

    /// <summary>Looks at everything of the merchant.</summary>
    public void Check()
    {
        foreach (var wish in wishes)
            WishIsDoneOnce(wish);
        foreach (var stray in books.Operations.Where(operation => wishes.All(wish => wish.Key != operation.Key)))
            verdict.Fail(Keys, $"nobody wanted {stray.Key}");
        foreach (var account in books.Accounts)
        {
            StateIsWanted(account);
            ClosedIsPaidOut(account);
        }

        foreach (var machine in machines)
            MachineKnows(machine);
        foreach (var parked in books.Cursors.Where(cursor => cursor.Parked is not null && (!cursor.Restart || !MayPark(cursor.Parked))))
            verdict.Fail(Rest, $"{parked.Journal} is parked: {parked.Parked}");
        foreach (var open in books.Operations.Where(operation => !operation.IsFinished))
            verdict.Fail(Rest, $"{open.Key} is not finished: {open.Operation}");
        if (books.Changes > 0 || books.Feed.Published != books.Feed.Current)
            verdict.Fail(Rest, $"the feed of {books.Merchant} is at {books.Feed.Current}, published {books.Feed.Published}, {books.Changes} changes wait");
        LedgerHasWhatMoved();
    }

    /// <summary>Why a journal may have been parked until a person released it. An account that was opened after the copy is unknown until somebody says that rows were put back.</summary>
    private bool MayPark(string reason) =>
        reason.Contains("differs", StringComparison.Ordinal) || (WasPutBack && reason.Contains("does not exist", StringComparison.Ordinal));

    private void WishIsDoneOnce(Wish wish)
    {
        List<LedgerEntry> moved = [.. books.Moved.Where(row => row.Key == wish.Key).SelectMany(row => row.Entries)];
        foreach (var again in wish.Answers.Skip(1).Where(answer => answer.Steps[0].Result != wish.Answers[0].Steps[0].Result))
            verdict.Fail(Keys, $"{wish.Key} was answered {wish.Answers[0].Steps[0].Result}, and then {again.Steps[0].Result}");
        var expected = wish.Operation switch
        {
            TopUp topUp => topUp.Amount.Value,
            GrantSubsidy grant => grant.Amount.Value,
            _ => (long?)null,
        };
        if (wish.IsRefused && moved.Count > 0)
            verdict.Fail(Keys, $"{wish.Key} was refused, and it moved {moved.Count} entries");
        if (expected is null || wish.IsRefused)
            return;
        var sum = moved.Sum(entry => entry.Change.Value);
        if (sum != expected && (wish.IsAnswered || sum != 0))
            verdict.Fail(Keys, $"{wish.Key} is to bring {expected} fen, and brought {sum}{(wish.IsAnswered ? "" : "; it was never answered")}");
    }

    private void StateIsWanted(CardAccount account)
    {
        List<Wish> done = [.. wishes.Where(wish => wish.Account == account.AccountId || wish.Answers.Any(answer => answer.Row.Account == account.AccountId))];
        if (account.State != AccountState.Active && !done.Any(wish => wish.Operation is CloseAccount))
            verdict.Fail(Frozen, $"{account.AccountId} is {account.State}, and nobody wanted it closed");
        foreach (var card in account.Cards.Where(card => card.State != CardState.Active))
        {
            if (!done.Any(wish => wish.Operation switch
            {
                CloseAccount => true,
                ReportLost lost => lost.Card == card.No,
                ReplaceCard replace => replace.Card == card.No,
                _ => false,
            }))
            {
                verdict.Fail(Frozen, $"card {card.No} of {account.AccountId} is {card.State}, and nobody wanted that");
            }
        }
    }

    private void ClosedIsPaidOut(CardAccount account)
    {
        foreach (var paid in books.Moved.SelectMany(moved => moved.Entries.Where(entry => entry.AccountId == account.AccountId && entry.Kind == LedgerKind.Payout).Select((entry, index) => (moved, entry, index))))
        {
            if (paid.index > 0 || paid.entry.BalanceAfter < Fen.Zero)
                verdict.Fail(Closing, $"{account.AccountId} was paid out {paid.entry.Amount} by {paid.moved.Key}.{paid.moved.Chunk}, which left {paid.entry.BalanceAfter}");
        }

        if (account.StateSince is not { } since || wishes.FirstOrDefault(wish => wish.Account == account.AccountId && wish is { Operation: CloseAccount, IsAnswered: true, IsRefused: false }) is not { } closing)
            return;
        foreach (var late in books.Tapped.Where(row => row.Entry.AccountId == account.AccountId && row.Entry.Kind == LedgerKind.Debit && row.Entry.At > since
            && !closing.RowsBefore.Contains(row.RowKey) && !row.Entry.Flags.HasFlag(EntryFlags.AfterClose)))
        {
            verdict.Fail(Closing, $"{late.RowKey} of {late.Entry.At:O} was booked after {account.AccountId} began to close at {since:O}, and is not flagged");
        }
    }

    private void MachineKnows(Machine machine)
    {
        if (machine.Cards is not { } cards)
        {
            verdict.Fail(Views, $"{machine.Nickname} is switched off");
            return;
        }

        foreach (var account in books.Accounts)
        {
            if (cards.View(account.AccountId) is not { } view)
                verdict.Fail(Views, $"{machine.Nickname} does not know {account.AccountId}");
            else if (Said(view) is var seen && Said(account) is var held && seen != held)
                verdict.Fail(Views, $"{machine.Nickname} has {account.AccountId} as {seen}; the cloud as {held}");
        }

        if (machine.FeedVersion != books.Feed.Current)
            verdict.Fail(Views, $"{machine.Nickname} has version {machine.FeedVersion} of the feed, which is at {books.Feed.Current}");
        var standing = cards.Standing();
        if (standing.Unsent > 0 || standing.Stop is not null)
            verdict.Fail(Views, $"{machine.Nickname} has {standing.Unsent} entries unsent{(standing.Stop is { } stop ? $", and takes no cards: {stop}" : "")}");
    }

    /// <summary>The rows that readers of the ledger see are those that were moved, once the operation is finished.</summary>
    private void LedgerHasWhatMoved()
    {
        var rows = books.Ledger.Where(row => row.Entry.Tapped is null).ToDictionary(row => (row.Entry.PostingDay, row.RowKey), row => row.Entry);
        foreach (var row in books.Moved.SelectMany(moved => moved.LedgerRows))
        {
            if (!rows.Remove((row.Entry.PostingDay, row.RowKey), out var entry) || entry.Change != row.Entry.Change || entry.AccountId != row.Entry.AccountId || entry.Lot != row.Entry.Lot)
                verdict.Fail(Rest, $"the ledger has {(entry is null ? "no" : "another")} {row.RowKey}");
        }

        foreach (var (_, stray) in rows.Keys.Where(_ => !WasPutBack))
            verdict.Fail(Rest, $"the ledger has {stray}, which nothing moved");
    }

    private static string Said(CardAccount account) =>
        $"version {account.Version}, {account.State}, {string.Join(" ", account.Purses.Where(lot => lot.Balance.Value != 0).OrderBy(lot => lot.Lot, StringComparer.Ordinal).Select(lot => $"{lot.Lot}:{lot.Balance.Value}"))}, "
        + $"cards {string.Join(" ", account.Cards.Select(card => $"{card.No}:{card.State}"))}";
}
