using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>The last entry that cloud and machine hold alike.</summary>
/// <param name="Seq">Its number; 0 for the beginning of the journal.</param>
/// <param name="Hash">The journal's hash after it.</param>
internal sealed record HeldEntry(long Seq, EntryHash Hash);

/// <summary>
/// Finds where a machine's journal parts from what is booked of it: a machine that was restored from an old image goes on from there with other entries under the
/// same numbers. The running hash tells: the same hash at a number means the same entries up to it.
/// </summary>
internal sealed class Forks(LedgerStore ledger, Journals journals, ILogger<Forks> logger)
{
    /// <summary>
    /// The last entry of a batch, or the one before its first, that is booked as equal; null when the batch contradicts nothing, or everything. What contradicts is
    /// kept for a person too. Of a journal that is to end it is told without contradiction as well.
    /// </summary>
    /// <param name="cursor">The journal.</param>
    /// <param name="batch">What was sent.</param>
    /// <param name="hashes">Its hashes, as the machine must have them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HeldEntry?> FindAsync(CursorRow cursor, CardEntries batch, IReadOnlyList<EntryHash> hashes, CancellationToken cancellationToken)
    {
        if (batch.First > cursor.Through + 1)
            return null;
        var common = Math.Min(batch.First + batch.Entries.Count - 1, cursor.Through);
        if (await IsHeldAsync(cursor, batch, hashes, common, cancellationToken))
            return cursor.Restart ? new(common, HashAt(batch, hashes, common)) : null;

        var held = await LastHeldAsync(cursor, batch, hashes, common, cancellationToken);
        if (held is null && batch.First > 1 && cursor.Days.Of(batch.First - 1) is null)
        {
            // Not searched for in all of the ledger: a message may not cost that much.
            await journals.ParkAsync(cursor, batch, $"its entries from {batch.First} on are not those that are booked, and too old to be compared", cancellationToken);
            return null;
        }

        CardLog.JournalForked(logger, cursor.Journal, held?.Seq, cursor.Through);
        await journals.KeepAsync(
            $"{cursor.Journal}-{batch.First}-{hashes[^1].Value[..16]}",
            batch,
            $"Journal {cursor.Journal} is booked to {cursor.Through}, and these entries are others from {(held?.Seq ?? batch.First - 1) + 1} on: the machine was "
            + "restored from an old image. It books them again in a new journal by itself; what it had before the image and never sent is lost.",
            cancellationToken);
        return held;
    }

    private async Task<HeldEntry?> LastHeldAsync(
        CursorRow cursor, CardEntries batch, IReadOnlyList<EntryHash> hashes, long common, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, (int)(common - batch.First + 1)).Select(index => batch.First + index).ToList();
        var equal = await Task.WhenAll(numbers.Select(seq => IsHeldAsync(cursor, batch, hashes, seq, cancellationToken)));
        var last = equal.LastIndexOf(true);
        if (last >= 0)
            return new(numbers[last], HashAt(batch, hashes, numbers[last]));
        if (batch.First > cursor.Through)
            return null;
        var before = await HashBeforeAsync(cursor, batch, cancellationToken);
        return before == batch.PrevHash ? new(batch.First - 1, batch.PrevHash) : null;
    }

    private async Task<bool> IsHeldAsync(CursorRow cursor, CardEntries batch, IReadOnlyList<EntryHash> hashes, long seq, CancellationToken cancellationToken)
    {
        var hash = HashAt(batch, hashes, seq);
        if (seq == cursor.Through)
            return hash == cursor.Hash;
        var row = await ledger.FindAsync(
            cursor.Merchant, batch.Entries[(int)(seq - batch.First)].PostingDay, CardKeys.Entry(cursor.Device, cursor.Epoch, seq), cancellationToken);
        return row?.Entry.Hash == hash;
    }

    /// <summary>What is booked before the batch's first entry; null where that cannot be found.</summary>
    private async Task<EntryHash?> HashBeforeAsync(CursorRow cursor, CardEntries batch, CancellationToken cancellationToken)
    {
        if (batch.First == 1)
            return EntryHash.Genesis(cursor.Merchant, cursor.Device, cursor.Epoch);
        return cursor.Days.Of(batch.First - 1) is { } day
            ? (await ledger.FindAsync(cursor.Merchant, day, CardKeys.Entry(cursor.Device, cursor.Epoch, batch.First - 1), cancellationToken))?.Entry.Hash
            : null;
    }

    private static EntryHash HashAt(CardEntries batch, IReadOnlyList<EntryHash> hashes, long seq) =>
        seq < batch.First ? batch.PrevHash : hashes[(int)(seq - batch.First)];
}
