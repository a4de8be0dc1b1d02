using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Restored;

/// <summary>
/// Books again, from the ledger, machines' entries that were booked when the cursors were further: their machines have been told that they are booked and do not send
/// them again. Done by the hand that books batches, so everything that holds there holds here.
/// </summary>
internal sealed class LedgerReplay(CardStore cards, LedgerStore ledger, Booking booking, Journals registry, TimeProvider clock)
{
    /// <summary>Machines keep entries for 35 days, so none that was booked since a copy is of an older day.</summary>
    private const int DaysBack = 45;

    /// <summary>Most entries that one call takes into memory; many times a day's.</summary>
    private const int MostRows = 50_000;

    /// <summary>Books what can be booked.</summary>
    /// <param name="merchant">Whose cards.</param>
    /// <param name="until">Then the next call goes on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Replayed> RunAsync(MerchantId merchant, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var cursors = await cards.CursorsAsync(merchant, cancellationToken).ToDictionaryAsync(row => row.Journal, StringComparer.Ordinal, cancellationToken);
        var rows = await ledger.TappedAsync(merchant, BusinessDay.Of(clock.GetUtcNow()).AddDays(-DaysBack), cancellationToken)
            .Where(row => row.Entry.Tapped!.Seq > (cursors.GetValueOrDefault(CardKeys.JournalOf(row.RowKey))?.Through ?? 0))
            .Take(MostRows + 1).ToListAsync(cancellationToken);
        var journals = rows.GroupBy(row => CardKeys.JournalOf(row.RowKey), StringComparer.Ordinal).OrderBy(journal => journal.Key, StringComparer.Ordinal).ToList();
        var known = cursors.Keys.Concat(journals.Select(journal => journal.Key)).ToHashSet(StringComparer.Ordinal);
        var booked = 0;
        // A reversal waits for its tap, which another journal of the machine may bring: so as long as something moves, all are looked at again.
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var journal in journals)
            {
                var (device, epoch) = Of(journal.Key);
                var cursor = await cards.CursorAsync(merchant, device, epoch, cancellationToken) ?? CursorRow.Begin(merchant, device, epoch);
                while (Next(cursor, journal, known) is { } batch)
                {
                    if (clock.GetUtcNow() > until)
                        return new(booked, IsWhole: false);
                    if (cursor.Version == default)
                        cursor = await cards.OpenAsync(merchant, device, epoch, clock.GetUtcNow(), cancellationToken);
                    // A machine that was restored meanwhile may have contradicted rows that were not booked for the moment. Once they are, the two part as ever.
                    if (cursor.Parked is not null)
                    {
                        await registry.ReopenAsync(cursor, cancellationToken);
                        cursor = await cards.CursorAsync(merchant, device, epoch, cancellationToken) ?? cursor;
                    }

                    var after = await booking.BookAgainAsync(cursor, batch, cancellationToken);
                    if (after.Through == cursor.Through)
                        break;
                    (booked, moved) = (booked + (int)(after.Through - cursor.Through), true);
                    cursor = after;
                }
            }
        }

        return new(booked, IsWhole: rows.Count <= MostRows);
    }

    /// <summary>
    /// What follows on a cursor by its hash, up to where the machine began to book again in another journal what the cloud did not hold; null when nothing does.
    /// </summary>
    private static CardEntries? Next(CursorRow cursor, IEnumerable<LedgerRow> rows, HashSet<string> known)
    {
        var bySeq = rows.Where(row => row.Entry.Tapped!.Seq > cursor.Through).ToLookup(row => row.Entry.Tapped!.Seq);
        var entries = new List<CardEntry>();
        for (var hash = cursor.Hash; entries.Count < CardEntries.MaxEntries;)
        {
            var next = bySeq[cursor.Through + entries.Count + 1].FirstOrDefault(row => row.Entry.Hash == hash.Then(row.Entry.Tapped!));
            if (next?.Entry.Hash is not { } after || known.Contains(CardAccount.JournalKey(cursor.Device, Epoch.Again(after))))
                break;
            entries.Add(next.Entry.Tapped!);
            hash = after;
        }

        return entries.Count == 0 || cursor.Restart ? null : new()
        {
            MerchantId = cursor.Merchant,
            Epoch = cursor.Epoch,
            First = cursor.Through + 1,
            PrevHash = cursor.Hash,
            LastSeq = entries[^1].Seq,
            SentAt = entries[^1].At,
            Entries = entries,
        };
    }

    private static (DeviceId Device, Epoch Epoch) Of(string journal) => (DeviceId.Parse(journal[..DeviceId.Length]), Epoch.Parse(journal[(DeviceId.Length + 1)..]));
}

/// <summary>What was booked again.</summary>
/// <param name="Booked">So many entries.</param>
/// <param name="IsWhole">All were looked at.</param>
internal sealed record Replayed(int Booked, bool IsWhole);
