using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>The table <c>CardEntries</c>: the ledger. Readers stop at the cursors, and take rows of the cloud only where the operation's own row is there.</summary>
internal sealed class LedgerStore(TableServiceClient tables)
{
    private const int MaxConflicts = 10;

    private readonly TableClient _entries = tables.GetTableClient(CardKeys.Entries);

    /// <summary>A row, or null.</summary>
    public Task<LedgerRow?> FindAsync(MerchantId merchant, DateOnly postingDay, string rowKey, CancellationToken cancellationToken) =>
        _entries.GetEntityIfExistsAsync<LedgerRow>(CardKeys.LedgerPartition(merchant, postingDay), rowKey, cancellationToken);

    /// <summary>All rows of a posting day, in the order of their keys: journal by journal, then the cloud's.</summary>
    public IAsyncEnumerable<LedgerRow> ListAsync(MerchantId merchant, DateOnly postingDay, CancellationToken cancellationToken)
    {
        var partition = CardKeys.LedgerPartition(merchant, postingDay);
        return _entries.QueryAsync<LedgerRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>A machine's rows of a posting day, journal by journal.</summary>
    public IAsyncEnumerable<LedgerRow> ListAsync(MerchantId merchant, DateOnly postingDay, DeviceId device, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (CardKeys.LedgerPartition(merchant, postingDay), $"{device}-", $"{device}.");
        return _entries.QueryAsync<LedgerRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken);
    }

    /// <summary>Rows of a journal on a posting day, from one number to another.</summary>
    public IAsyncEnumerable<LedgerRow> ListAsync(
        MerchantId merchant, DateOnly postingDay, DeviceId device, Epoch epoch, long first, long last, CancellationToken cancellationToken)
    {
        var partition = CardKeys.LedgerPartition(merchant, postingDay);
        var (from, to) = (CardKeys.Entry(device, epoch, Math.Max(1, first)), CardKeys.Entry(device, epoch, last));
        return _entries.QueryAsync<LedgerRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey le {to}"), cancellationToken: cancellationToken);
    }

    /// <summary>An account's rows, posting day by posting day.</summary>
    public IAsyncEnumerable<LedgerRow> ListAsync(MerchantId merchant, DateOnly from, DateOnly to, AccountId account, CancellationToken cancellationToken)
    {
        var (first, last) = (CardKeys.LedgerPartition(merchant, from), CardKeys.LedgerPartition(merchant, to));
        return _entries.QueryAsync<LedgerRow>(
            TableClient.CreateQueryFilter($"PartitionKey ge {first} and PartitionKey le {last} and AccountId eq {account.Value}"), cancellationToken: cancellationToken);
    }

    /// <summary>All rows of posting days, no more of each than sums need: from the first, before the end; of all days that follow when there is none.</summary>
    public IAsyncEnumerable<LedgerSumRow> SumsAsync(MerchantId merchant, DateOnly first, DateOnly? end, CancellationToken cancellationToken)
    {
        var (from, to) = (CardKeys.LedgerPartition(merchant, first), end is { } day ? CardKeys.LedgerPartition(merchant, day) : $"{merchant}.");
        return _entries.QueryAsync<LedgerSumRow>(
            TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {to}"), select: LedgerSumRow.Columns, cancellationToken: cancellationToken);
    }

    /// <summary>Machines' rows of a posting day and of all later ones, booked or not.</summary>
    public IAsyncEnumerable<LedgerRow> TappedAsync(MerchantId merchant, DateOnly first, CancellationToken cancellationToken)
    {
        var (from, to) = (CardKeys.LedgerPartition(merchant, first), $"{merchant}.");
        return _entries.QueryAsync<LedgerRow>(TableClient.CreateQueryFilter($"PartitionKey ge {from} and PartitionKey lt {to}"), cancellationToken: cancellationToken)
            .Where(row => row.Entry.Tapped is not null);
    }

    /// <summary>
    /// Writes rows of a machine's entries, of one journal and in the order of their numbers. A row that is there must be of the same entry; its flags are brought up
    /// to date. Null when all is written, otherwise the row that is there and differs.
    /// </summary>
    public async Task<LedgerRow?> WriteEntriesAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        // Day after day, the first entry's first: whoever looks for a part that was left behind looks for the first entry.
        foreach (var day in rows.GroupBy(row => row.Entry.PostingDay))
        {
            if (await WriteDayAsync([.. day], cancellationToken) is { } other)
                return other;
        }

        return null;
    }

    /// <summary>Writes the rows of what an operation moved; the same again changes nothing.</summary>
    public async Task WriteAsync(MovedRow moved, CancellationToken cancellationToken)
    {
        foreach (var day in moved.LedgerRows.GroupBy(row => row.Entry.PostingDay))
        {
            foreach (var rows in day.Chunk(CardTransaction.MaxRows))
            {
                await _entries.SubmitTransactionAsync(
                    rows.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken);
            }
        }
    }

    private async Task<LedgerRow?> WriteDayAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        if (await TryAsync([.. rows.Select(Insertion)], cancellationToken))
            return null;
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var stored = await Task.WhenAll(rows.Select(row => FindAsync(row.Merchant, row.Entry.PostingDay, row.RowKey, cancellationToken)));
            if (stored.Where((there, index) => there is not null && there.Entry.Hash != rows[index].Entry.Hash).FirstOrDefault() is { } other)
                return other;
            var left = rows.Zip(stored).Where(pair => pair.Second?.Entry.Flags != pair.First.Entry.Flags).Select(pair => pair.Second is { } there
                ? new TableTransactionAction(TableTransactionActionType.UpdateReplace, pair.First, there.Version)
                : Insertion(pair.First)).ToList();
            if (left.Count == 0 || await TryAsync(left, cancellationToken))
                return null;
        }

        throw new InvalidOperationException($"Others kept writing the ledger's rows from {rows[0].RowKey} on.");
    }

    private async Task<bool> TryAsync(IReadOnlyList<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await _entries.SubmitTransactionAsync(actions, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    private static TableTransactionAction Insertion(LedgerRow row) => new(TableTransactionActionType.Add, row);
}
