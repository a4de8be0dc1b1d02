using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Books what machines send: guard, ledger rows, then one transaction with cursor and accounts, then the answer. Killed after any of them it is begun again, and
/// only the transaction counts.
/// </summary>
internal sealed class Booking(
    CardStore cards, LedgerStore ledger, OpenCardStore open, FeedWake wake, Journals journals, Forks forks, Reversals reversals, StaleRows stale,
    LostAccounts lost, MachineLink machines, TimeProvider clock, Random chance, ILogger<Booking> logger)
{
    private const int MaxConflicts = 10;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes a batch: books it if it is the next, and answers how far the journal is booked in every case.</summary>
    /// <exception cref="DeviceMessageException">It is not from a machine of that merchant, or no batch.</exception>
    public async Task TakeAsync(DeviceEnvelope envelope, CardEntries batch, CancellationToken cancellationToken)
    {
        if (BatchRules.Problem(batch) is { } problem)
            throw new DeviceMessageException($"The entries of machine {envelope.Device} cannot be: {problem}.");
        var cursor = await journals.FindAsync(envelope.Device, batch.MerchantId, batch.Epoch, cancellationToken);
        var hashes = BatchRules.Chain(batch);
        var after = await BookAsync(cursor, batch, hashes, envelope.SentAt, cancellationToken);
        var held = after.Parked is null || after.Restart ? await forks.FindAsync(after, batch, hashes, cancellationToken) : null;
        await AnswerAsync(after, batch, held, cancellationToken);
        // Also for a doubled batch: the first one may have been killed before this.
        if (after.Through >= batch.First)
            await wake.WakeAsync(after.Merchant, cancellationToken);
    }

    /// <summary>Books what the ledger has and a cursor that was put back has not; the machine is told nothing. How far the journal is then.</summary>
    /// <param name="cursor">The journal.</param>
    /// <param name="batch">Of the ledger's rows: the next by its number and hash.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<CursorRow> BookAgainAsync(CursorRow cursor, CardEntries batch, CancellationToken cancellationToken) =>
        BookAsync(cursor, batch, BatchRules.Chain(batch), batch.SentAt, cancellationToken);

    private async Task<CursorRow> BookAsync(
        CursorRow cursor, CardEntries batch, IReadOnlyList<EntryHash> hashes, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        IReadOnlyList<LedgerEntry> written = [];
        for (var attempt = 1; IsNext(cursor, batch); attempt++)
        {
            if (await UnbookableAsync(cursor, batch, cancellationToken) is { } reason)
                return await journals.ParkAsync(cursor, batch, reason, cancellationToken);
            var entries = batch.Entries.Take(BatchRules.Fitting(batch.Entries)).ToList();
            var check = await reversals.CheckAsync(cursor, entries, cancellationToken);
            if (check.Reason is { } invented)
                return await journals.ParkAsync(cursor, batch, invented, cancellationToken);
            if (check.Bookable == 0)
                return await journals.WaitAsync(cursor, batch.First, cancellationToken);
            entries = entries[..check.Bookable];
            var guarding = open.GuardFeedAsync(cursor.Merchant, cancellationToken);
            var accounts = await cards.AccountsAsync(cursor.Merchant, entries.Select(entry => entry.AccountId), cancellationToken);
            var reversed = await ReversedAsync(cursor.Merchant, entries, cancellationToken);
            var rules = await cards.RulesAsync(cursor.Merchant, cancellationToken);
            await guarding;
            // All of that is older than this: a copy of the batch that was booked meanwhile is not inside of it, so that flags and what is said of reversals are right.
            if (await cards.CursorAsync(cursor.Merchant, cursor.Device, cursor.Epoch, cancellationToken) is { } current && current.Version != cursor.Version)
            {
                cursor = current;
                continue;
            }

            if (entries.Find(entry => !accounts.ContainsKey(entry.AccountId)) is { } stray)
            {
                if (attempt < MaxConflicts && await lost.TryOpenAsync(cursor.Merchant, entries.Where(entry => !accounts.ContainsKey(entry.AccountId)), cancellationToken))
                    continue;
                return await journals.ParkAsync(cursor, batch, $"entry {stray.Seq} is of account {stray.AccountId}, which does not exist", cancellationToken);
            }

            var known = accounts.ToDictionary(row => row.Key, row => row.Value.Account);
            var takenBack = reversed.ToDictionary(row => row.Key, row => new TakenBack(row.Value.By, row.Value.Parts));
            if (ReversedTaps.OutOfTurn(entries, takenBack) is { } again)
                return await journals.ParkAsync(cursor, batch, $"entry {again.Seq} reverses part {again.Part} of tap {again.Reverses} out of turn", cancellationToken);
            if (AccountRoom.Missing(entries, known, cursor.Device, cursor.Journal) is { } full)
                return await journals.ParkAsync(cursor, batch, full, cancellationToken);
            var now = clock.GetUtcNow();
            var context = new BookingContext(
                cursor.Journal, $"auto.{cursor.Device}.{cursor.Epoch}.{batch.First}", rules?.Settings.Cards,
                ClockIsWrong: (batch.SentAt - sentAt).Duration() > BookingRules.ClockMayDiffer, sentAt, BusinessDay.Local(now));
            var booked = BookingRules.Book([.. entries.Zip(hashes)], known, takenBack, context);

            // Flags follow from accounts: rows that were written with others, before somebody changed an account, are written again.
            if (!written.Select(line => line.Flags).SequenceEqual(booked.Entries.Select(line => line.Flags)))
            {
                var rows = booked.Entries.Select(line => new LedgerRow(cursor.Merchant, CardKeys.Entry(cursor.Device, cursor.Epoch, line.Tapped!.Seq), line));
                if (await ledger.WriteEntriesAsync([.. rows], cancellationToken) is { } there)
                    return await journals.ParkAsync(cursor, batch, $"entry {there.Entry.Tapped?.Seq} differs from the row that the ledger has of it", cancellationToken);
                written = booked.Entries;
            }

            if (await TryCommitAsync(cursor, batch, accounts, reversed, booked, context, cancellationToken) is { } after)
                return after;
            if (attempt >= MaxConflicts)
                throw new InvalidOperationException($"Others kept writing the accounts of journal {cursor.Journal}'s entries from {batch.First} on.");
            await Task.Delay(FirstWait * (attempt * (0.5 + chance.NextDouble())), clock, cancellationToken);
            cursor = await cards.CursorAsync(cursor.Merchant, cursor.Device, cursor.Epoch, cancellationToken) ?? cursor;
        }

        return cursor;
    }

    private static bool IsNext(CursorRow cursor, CardEntries batch) => cursor.IsOpen && batch.First == cursor.Through + 1 && batch.PrevHash == cursor.Hash;

    /// <summary>Why the batch, although it is the journal's own, cannot be booked; null when it can.</summary>
    private async Task<string?> UnbookableAsync(CursorRow cursor, CardEntries batch, CancellationToken cancellationToken)
    {
        foreach (var entry in batch.Entries)
        {
            if (BatchRules.Impossible(entry) is { } wrong)
                return $"entry {entry.Seq} cannot be: {wrong}";
        }

        return await stale.FindAsync(cursor, batch.Entries, cancellationToken) is { } left
            ? $"entry {left.Seq} differs from the row that the ledger has of it on another day"
            : null;
    }

    private async Task<IReadOnlyDictionary<TapId, ReversalRow>> ReversedAsync(MerchantId merchant, List<CardEntry> entries, CancellationToken cancellationToken)
    {
        var taps = entries.Where(entry => entry.Reverses is not null).Select(entry => entry.Reverses!.Value).Distinct();
        var rows = await Task.WhenAll(taps.Select(tap => cards.FindAsync<ReversalRow>(merchant, CardKeys.Reversal(tap), cancellationToken)));
        return rows.OfType<ReversalRow>().ToDictionary(row => row.Tap);
    }

    private async Task<CursorRow?> TryCommitAsync(
        CursorRow cursor, CardEntries batch, IReadOnlyDictionary<AccountId, AccountRow> accounts, IReadOnlyDictionary<TapId, ReversalRow> reversed, Booked booked,
        BookingContext context, CancellationToken cancellationToken)
    {
        var last = booked.Entries[^1];
        var next = cursor with
        {
            Through = last.Tapped!.Seq,
            Hash = last.Hash!.Value,
            PostingDay = last.PostingDay,
            LastSeq = Math.Max(cursor.LastSeq, batch.LastSeq),
            Days = cursor.Days.And(booked.Entries.Select(line => line.Tapped!)),
            WaitsSince = null,
        };
        var transaction = new CardTransaction().Write(next, cursor.Version);
        foreach (var (id, account) in booked.Accounts)
            transaction.Write(accounts[id], account);
        foreach (var (tap, by) in booked.Reversals)
            transaction.Write(new ReversalRow(cursor.Merchant, tap, by.By) { Parts = by.Parts }, reversed.GetValueOrDefault(tap)?.Version ?? default);
        var automatic = booked.Automatic.Count > 0;
        if (automatic)
            transaction.Insert(new MovedRow(cursor.Merchant, context.Operation, Chunk: 0, FirstNumber: 0, booked.Automatic));
        transaction.Insert(new ChangeRow(cursor.Merchant, $"{cursor.Device}.{cursor.Epoch}.{next.Through}", [.. booked.Accounts.Keys])
        {
            Moved = automatic ? context.Operation : null,
        });
        foreach (var day in DaySumRow.ToReadAgain(cursor.Merchant, booked.Entries, context.Now))
            transaction.Put(day);
        if (await cards.TryWriteAsync(transaction, cancellationToken) is not { } versions)
            return null;
        var spent = booked.Entries.Aggregate(Fen.Zero, (sum, line) => sum - line.Change);
        CardLog.Booked(
            logger, cursor.Journal, batch.First, next.Through, spent.ToString(), booked.Accounts.Count, booked.Entries.Count(line => line.Flags != EntryFlags.None));
        return next with { Version = versions[0] };
    }

    private Task AnswerAsync(CursorRow cursor, CardEntries batch, HeldEntry? held, CancellationToken cancellationToken) => machines.SendCardsAsync(
        cursor.Device,
        new CardEntriesAck
        {
            MerchantId = cursor.Merchant,
            Epoch = cursor.Epoch,
            Through = cursor.Through,
            Hash = cursor.Hash,
            InReplyTo = batch.Id,
            Restart = cursor.Restart,
            HeldThrough = held?.Seq,
            HeldHash = held?.Hash,
        },
        cancellationToken);
}
