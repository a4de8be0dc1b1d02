using System.Collections.Concurrent;
using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>The table <c>DayIndex</c>: which merchants had business on which settlement dates. Nothing is ever deleted from it.</summary>
internal sealed class DayIndex(TableServiceClient tables)
{
    /// <summary>Its name.</summary>
    public const string Table = "DayIndex";

    /// <summary>More than a lunch needs; then it is begun anew, which costs a write for each.</summary>
    private const int MostRemembered = 50_000;

    private readonly TableClient _index = tables.GetTableClient(Table);

    /// <summary>What is certainly there: a payment more of the same merchant and date costs nothing here.</summary>
    private readonly ConcurrentDictionary<(DateOnly Day, MerchantId? Merchant), bool> _noted = new();

    /// <summary>Notes that a merchant has business on a date, before anything is posted there: first the date, then the merchant, due.</summary>
    public async Task NoteAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken)
    {
        if (_noted.ContainsKey((day, merchant)))
            return;
        if (_noted.Count >= MostRemembered)
            _noted.Clear();
        if (!_noted.ContainsKey((day, null)))
        {
            await InsertIfAbsentAsync(new BusinessDayRow(day), cancellationToken);
            _noted[(day, null)] = true;
        }

        await InsertIfAbsentAsync(new DayIndexRow(day, merchant), cancellationToken);
        _noted[(day, merchant)] = true;
    }

    /// <summary>
    /// Lets a merchant be settled again, also one that could not be; after what is to be settled was posted. Changes the row's version in any case.
    /// </summary>
    public Task MarkDueAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken) => _index.UpsertEntityAsync(
        new TableEntity(DayIndexRow.Partition(day), merchant.Value) { [DayIndexRow.IsDueColumn] = true, [DayIndexRow.FailureColumn] = "" }, TableUpdateMode.Merge, cancellationToken);

    /// <summary>A merchant's row of a date; null when it had no business.</summary>
    public Task<DayIndexRow?> FindAsync(DateOnly day, MerchantId merchant, CancellationToken cancellationToken) =>
        _index.GetEntityIfExistsAsync<DayIndexRow>(DayIndexRow.Partition(day), merchant.Value, cancellationToken);

    /// <summary>The merchants of a date in the order of their ids, read page by page.</summary>
    public IAsyncEnumerable<DayIndexRow> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = DayIndexRow.Partition(day);
        return _index.QueryAsync<DayIndexRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>The merchants of a date that are due, in the order of their ids, read page by page.</summary>
    public IAsyncEnumerable<DayIndexRow> ListDueAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = DayIndexRow.Partition(day);
        return _index.QueryAsync<DayIndexRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and IsDue eq {true}"), cancellationToken: cancellationToken);
    }

    /// <summary>Replaces a merchant's row if nobody wrote it since it was read; the row with its new version, or null when somebody did.</summary>
    public async Task<DayIndexRow?> TryUpdateAsync(DayIndexRow read, DayIndexRow next, CancellationToken cancellationToken)
    {
        try
        {
            return next with { Version = await _index.UpdateEntityAsync(next, read.Version, TableUpdateMode.Replace, cancellationToken) };
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
    }

    /// <summary>A date with business; null for one without.</summary>
    public Task<BusinessDayRow?> FindDayAsync(DateOnly day, CancellationToken cancellationToken) =>
        _index.GetEntityIfExistsAsync<BusinessDayRow>(BusinessDayRow.Partition, BusinessDay.Key(day), cancellationToken);

    /// <summary>The dates with business, the earliest first.</summary>
    /// <param name="after">Only later ones; null for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<BusinessDayRow> ListDaysAsync(DateOnly? after, CancellationToken cancellationToken)
    {
        var from = after is { } day ? BusinessDay.Key(day) : "0";
        return _index.QueryAsync<BusinessDayRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {BusinessDayRow.Partition} and RowKey gt {from}"), cancellationToken: cancellationToken);
    }

    /// <summary>Notes that all merchants of a date were sent to be settled.</summary>
    public Task MarkFannedOutAsync(DateOnly day, CancellationToken cancellationToken) =>
        _index.UpsertEntityAsync(new BusinessDayRow(day, IsFannedOut: true), TableUpdateMode.Replace, cancellationToken);

    private async Task InsertIfAbsentAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, ITableEntity<T>
    {
        try
        {
            await _index.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            // There is what was wanted.
        }
    }
}
