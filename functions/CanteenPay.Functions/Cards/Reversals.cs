using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Finds the taps that a machine's reversals take back: in the same batch, right before it, or, after entries were booked again in a new journal, anywhere among what
/// is booked of the machine on that day.
/// </summary>
internal sealed class Reversals(CardStore cards, LedgerStore ledger, DeviceRegistry devices)
{
    /// <summary>A machine takes its last tap back, and a tap has no more parts than an account has lots: so far back it lies in its own journal.</summary>
    private const int PartsOfATap = 24;

    /// <summary>Days that are searched for one batch; two are many.</summary>
    private const int MostDays = 8;

    /// <summary>Rows that are searched of a day: a machine cannot tap so often.</summary>
    private const int MostRows = 20_000;

    /// <summary>What entries may be booked.</summary>
    /// <param name="cursor">Their journal.</param>
    /// <param name="entries">The entries, in the order of their numbers.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ReversalCheck> CheckAsync(CursorRow cursor, IReadOnlyList<CardEntry> entries, CancellationToken cancellationToken)
    {
        // Where entries were booked again out of another journal, a reversal may come before its tap: both in one transaction are fine.
        var open = entries.Where(entry => entry.Reverses is not null && !entries.Any(tap => ReversedTaps.Undoes(entry, tap))).ToList();
        foreach (var day in open.GroupBy(entry => entry.PostingDay).Take(MostDays).ToList())
        {
            if (entries[0].Seq > 1)
                await MatchAsync(open, ledger.ListAsync(cursor.Merchant, day.Key, cursor.Device, cursor.Epoch, entries[0].Seq - PartsOfATap, entries[0].Seq - 1, cancellationToken), _ => true);
        }

        if (open.Count == 0)
            return new(entries.Count, Reason: null);
        var journals = await cards.CursorsAsync(cursor.Merchant, cursor.Device, cancellationToken).ToDictionaryAsync(row => row.Journal, cancellationToken: cancellationToken);
        foreach (var day in open.GroupBy(entry => entry.PostingDay).Take(MostDays).ToList())
        {
            // Rows beyond a cursor are not booked, and never may be.
            await MatchAsync(
                open,
                ledger.ListAsync(cursor.Merchant, day.Key, cursor.Device, cancellationToken).Take(MostRows),
                row => journals.TryGetValue(CardKeys.JournalOf(row.RowKey), out var journal) && row.Entry.Tapped?.Seq <= journal.Through);
        }

        return await VerdictAsync(cursor, entries, open, [.. journals.Values.Where(row => row.Epoch != cursor.Epoch)], cancellationToken);
    }

    private static async Task MatchAsync(List<CardEntry> open, IAsyncEnumerable<LedgerRow> rows, Func<LedgerRow, bool> isBooked)
    {
        await foreach (var row in rows)
        {
            if (row.Entry.Tapped is { } tap && isBooked(row))
                open.RemoveAll(reversal => ReversedTaps.Undoes(reversal, tap));
            if (open.Count == 0)
                return;
        }
    }

    private async Task<ReversalCheck> VerdictAsync(
        CursorRow cursor, IReadOnlyList<CardEntry> entries, List<CardEntry> open, IReadOnlyList<CursorRow> others, CancellationToken cancellationToken)
    {
        if (open is not [var first, ..])
            return new(entries.Count, Reason: null);
        // Its tap may be in another journal that is still on the machine: after damage, or a move, journals are sent side by side.
        var said = (await devices.StatusAsync(cursor.Device, cancellationToken))?.Cards;
        var mayCome = others.Any(other => !other.Ended && !(said is { } word && word.ToldAt > cursor.WaitsSince && IsWhole(other, word)));
        var bookable = entries.TakeWhile(entry => entry.Seq < first.Seq).ToList();
        while (bookable.Find(entry => IsUndoneOnlyAfter(entries, bookable, entry)) is { } early)
            bookable.RemoveRange((int)(early.Seq - entries[0].Seq), bookable.Count - (int)(early.Seq - entries[0].Seq));
        return new(
            bookable.Count,
            mayCome ? null : $"entry {first.Seq} reverses part {first.Part} of tap {first.Reverses}, which machine {cursor.Device} never made so");
    }

    /// <summary>Whether a reversal's tap comes after it, and is left for the next batch.</summary>
    private static bool IsUndoneOnlyAfter(IReadOnlyList<CardEntry> entries, IReadOnlyList<CardEntry> bookable, CardEntry entry) =>
        entry.Reverses is not null && entries.Any(tap => ReversedTaps.Undoes(entry, tap)) && !bookable.Any(tap => ReversedTaps.Undoes(entry, tap));

    /// <summary>Whether all of a journal is booked, by its machine's own word; one that it does not name is finished there.</summary>
    private static bool IsWhole(CursorRow journal, MachineJournals word) =>
        word.Journals.FirstOrDefault(state => state.Epoch == journal.Epoch && state.MerchantId == journal.Merchant) is not { } state || state.LastSeq <= journal.Through;
}

/// <summary>What of some entries may be booked.</summary>
/// <param name="Bookable">So many, from the first on; the next one is a reversal whose tap is not booked.</param>
/// <param name="Reason">Why the journal is parked, in words; null when all may be booked, or the tap may still come.</param>
internal sealed record ReversalCheck(int Bookable, string? Reason);
