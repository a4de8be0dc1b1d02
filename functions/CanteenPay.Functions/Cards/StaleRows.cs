using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// A batch whose rows were written and whose transaction never was may have left a number on another day, when the machine was restored meanwhile from an image:
/// readers of that day would take the row for booked.
/// </summary>
internal sealed class StaleRows(LedgerStore ledger)
{
    private const int MostDaysBetween = 35;
    private const int MostDaysOfBatch = 16;
    private const int DaysBeforeFirst = 3;

    /// <summary>
    /// The first entry of a day whose number the ledger has on a day before it; null when there is none. Days change once a day, so this costs one read of a journal then.
    /// </summary>
    /// <param name="cursor">The journal.</param>
    /// <param name="entries">What is to be booked next.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CardEntry?> FindAsync(CursorRow cursor, IReadOnlyList<CardEntry> entries, CancellationToken cancellationToken)
    {
        var (days, before) = (0, cursor.PostingDay);
        foreach (var entry in entries)
        {
            if (entry.PostingDay != before && ++days <= MostDaysOfBatch && await IsOnAnotherDayAsync(cursor, before, entry, cancellationToken))
                return entry;
            before = entry.PostingDay;
        }

        return null;
    }

    private async Task<bool> IsOnAnotherDayAsync(CursorRow cursor, DateOnly? before, CardEntry first, CancellationToken cancellationToken)
    {
        // Before a journal's first entry nobody knows where it stood; a restored image of it is seldom older.
        var last = before ?? first.PostingDay.AddDays(-DaysBeforeFirst);
        var (from, step) = (first.PostingDay, last > first.PostingDay ? 1 : -1);
        var days = Math.Min(Math.Abs(last.DayNumber - from.DayNumber), MostDaysBetween);
        var rows = await Task.WhenAll(Enumerable.Range(1, days).Select(day =>
            ledger.FindAsync(cursor.Merchant, from.AddDays(day * step), CardKeys.Entry(cursor.Device, cursor.Epoch, first.Seq), cancellationToken)));
        return rows.Any(row => row is not null);
    }
}
