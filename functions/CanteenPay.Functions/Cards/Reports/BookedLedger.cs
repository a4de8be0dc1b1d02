using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>
/// The ledger as far as it is booked: a machine's rows up to its cursor. Rows of operations are there only once the operation moved the money, so they are all booked.
/// </summary>
internal sealed class BookedLedger(CardStore cards, LedgerStore ledger)
{
    /// <summary>An account's lines of some posting days, in the order in which they were made.</summary>
    public async Task<IReadOnlyList<LedgerRow>> OfAccountAsync(
        MerchantId merchant, AccountId account, DateOnly from, DateOnly to, int most, CancellationToken cancellationToken)
    {
        var cursors = await CursorsAsync(merchant, cancellationToken);
        var rows = await ledger.ListAsync(merchant, from, to, account, cancellationToken).Where(row => IsBooked(row, cursors)).Take(most).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(row => row.Entry.At).ThenBy(row => row.RowKey, StringComparer.Ordinal)];
    }

    /// <summary>A machine's lines of a posting day, journal by journal.</summary>
    public async Task<IReadOnlyList<LedgerRow>> OfMachineAsync(MerchantId merchant, DeviceId device, DateOnly day, int most, CancellationToken cancellationToken)
    {
        var cursors = await CursorsAsync(merchant, cancellationToken);
        return await ledger.ListAsync(merchant, day, device, cancellationToken).Where(row => IsBooked(row, cursors)).Take(most).ToListAsync(cancellationToken);
    }

    /// <summary>For each journal its last booked entry.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CursorsAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await cards.CursorsAsync(merchant, cancellationToken).ToDictionaryAsync(cursor => cursor.Journal, cursor => cursor.Through, StringComparer.Ordinal, cancellationToken);

    private static bool IsBooked(LedgerRow row, IReadOnlyDictionary<string, long> cursors) =>
        JournalKey.TryRead(row.RowKey, out var journal, out var seq) ? seq <= cursors.GetValueOrDefault(journal) : row.Entry.Operation is not null;
}
