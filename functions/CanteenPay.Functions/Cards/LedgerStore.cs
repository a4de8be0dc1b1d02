using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>The table <c>CardEntries</c>: the ledger. Readers stop at the cursors, and take rows of the cloud only where the operation's own row is there.</summary>
internal sealed class LedgerStore(TableServiceClient tables)
{
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
}
