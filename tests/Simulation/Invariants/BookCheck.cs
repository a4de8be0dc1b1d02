using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What must hold of a merchant's card money at every moment, whatever is on its way.</summary>
/// <param name="books">The books.</param>
/// <param name="cap">What one account may spend on one machine that the cloud has not booked, in fen (<see cref="UnbookedLimits.PerAccount"/>).</param>
/// <param name="firstDay">The business day on which the story began.</param>
/// <param name="verdict">Keeps what is found.</param>
internal sealed class BookCheck(CardBooks books, Fen cap, DateOnly firstDay, Verdict verdict)
{
    /// <summary>Money that people had in hand is not there for a while, and an office may take out what is.</summary>
    public bool WasPutBack { get; init; }

    public const string Journals = "2: a journal is booked without holes, once";
    public const string Balances = "2: an account's balance is the sum of its entries";
    public const string Taps = "2: a tap is booked once";
    public const string Bound = "nobody spends beyond the bound";

    /// <summary>Looks at everything.</summary>
    public void Check()
    {
        var rows = books.Tapped.ToLookup(CardBooks.JournalOf);
        foreach (var cursor in books.Cursors)
            JournalIsWhole(cursor, [.. rows[cursor.Journal].OrderBy(row => row.Entry.Tapped!.Seq)]);
        TapsAreOnce();
        var entries = books.Entries.ToLookup(entry => entry.AccountId);
        var counters = new CounterCheck(books, firstDay.AddDays(1), verdict);
        foreach (var account in books.Accounts)
        {
            BalanceIsSum(account, entries[account.AccountId]);
            WithinBound(account);
            counters.Check(account);
        }

        foreach (var nobody in entries.Where(group => books.Accounts.All(account => account.AccountId != group.Key)))
            verdict.Fail(Balances, $"{nobody.Count()} entries of {nobody.Key}, which is no account");
    }

    private void JournalIsWhole(CursorRow cursor, List<LedgerRow> rows)
    {
        var hash = EntryHash.Genesis(cursor.Merchant, cursor.Device, cursor.Epoch);
        for (var index = 0; index < rows.Count; index++)
        {
            var tapped = rows[index].Entry.Tapped!;
            hash = hash.Then(tapped);
            if (tapped.Seq != index + 1 || rows[index].Entry.Hash != hash)
            {
                verdict.Fail(Journals, $"{cursor.Journal}: after {index} entries comes number {tapped.Seq}{(rows[index].Entry.Hash == hash ? "" : " of another chain")}");
                return;
            }
        }

        if (rows.Count != cursor.Through || hash != cursor.Hash)
            verdict.Fail(Journals, $"{cursor.Journal} is booked through {cursor.Through}, and the ledger has {rows.Count} entries{(hash == cursor.Hash ? "" : ", the last of another hash")}");
    }

    /// <summary>Also a tap that was booked again in another journal: never in two of them.</summary>
    private void TapsAreOnce()
    {
        foreach (var tap in books.Tapped.GroupBy(row => row.Entry.Tapped!.TapId))
        {
            List<CardEntry> parts = [.. tap.Select(row => row.Entry.Tapped!).OrderBy(part => part.Part)];
            if (parts.Index().Any(part => part.Item.Part != part.Index) || tap.Select(CardBooks.JournalOf).Distinct().Count() > 1)
                verdict.Fail(Taps, $"{tap.Key}: {string.Join(", ", tap.Select(row => $"part {row.Entry.Tapped!.Part} as {row.RowKey}"))}");
        }
    }

    private void BalanceIsSum(CardAccount account, IEnumerable<LedgerEntry> entries)
    {
        var sums = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in entries)
            sums[entry.Lot] = sums.GetValueOrDefault(entry.Lot) + entry.Change.Value;
        foreach (var lot in account.Purses.Where(lot => lot.Balance.Value != sums.GetValueOrDefault(lot.Lot)))
            verdict.Fail(Balances, $"{account.AccountId}: {lot.Lot} holds {lot.Balance.Value} fen, and its entries sum to {sums.GetValueOrDefault(lot.Lot)}");
        foreach (var (lot, sum) in sums.Where(sum => sum.Value != 0 && account.Purses.All(lot => lot.Lot != sum.Key)))
            verdict.Fail(Balances, $"{account.AccountId} has no {lot}, whose entries sum to {sum}");
        foreach (var cursor in books.Cursors)
        {
            var last = books.Tapped.Where(row => row.Entry.AccountId == account.AccountId && CardBooks.JournalOf(row) == cursor.Journal)
                .Max(row => (long?)row.Entry.Tapped!.Seq) ?? 0;
            if (account.Applied.GetValueOrDefault(cursor.Journal) is var applied && (applied < last || applied > cursor.Through))
                verdict.Fail(Balances, $"{account.AccountId} says that {cursor.Journal} is inside up to {applied}, and it is up to {last} of {cursor.Through}");
        }
    }

    /// <summary>
    /// Each machine approves at most the cap beyond what it knows to be booked, and at most the balance that it knows. So an account is overdrawn by no more than
    /// that, journal by journal, and what was given back and is spent again; and not at all where one journal alone spent it and nothing was taken out elsewhere.
    /// </summary>
    private void WithinBound(CardAccount account)
    {
        if (account.Balance >= Fen.Zero || WasPutBack)
            return;
        var spent = books.Tapped.Where(row => row.Entry.AccountId == account.AccountId && row.Entry.Kind == LedgerKind.Debit)
            .GroupBy(CardBooks.JournalOf, row => row.Entry.Amount.Value).Select(amounts => amounts.Sum()).ToList();
        var operations = books.Moved.SelectMany(moved => moved.Entries).Where(entry => entry.AccountId == account.AccountId).ToList();
        var takenOut = operations.Any(entry => entry.Change < Fen.Zero);
        var givenBack = books.Entries.Where(entry => entry.AccountId == account.AccountId && entry.Kind == LedgerKind.Reversal).Sum(entry => entry.Amount.Value);
        var bound = spent.Count == 1 && !takenOut ? 0 : spent.Sum(amount => Math.Min(amount, cap.Value)) + givenBack;
        if (-account.Balance.Value > bound)
            verdict.Fail(Bound, $"{account.AccountId} is overdrawn by {-account.Balance.Value} fen; {spent.Count} journals may overdraw it by {bound}");
    }
}
