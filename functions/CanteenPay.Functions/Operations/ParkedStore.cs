using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Operations;

/// <summary>The table <c>Parked</c>: partition = day, row = source and id.</summary>
internal sealed class ParkedStore(TableServiceClient tables, ILogger<ParkedStore> logger)
{
    private readonly TableClient _parked = tables.GetTableClient("Parked");

    /// <summary>Keeps an item; the same item of a day is kept once.</summary>
    public async Task KeepAsync(ParkedItem item, CancellationToken cancellationToken)
    {
        await _parked.UpsertEntityAsync(item, TableUpdateMode.Replace, cancellationToken);
        OperationsLog.Parked(logger, item.Source, item.ItemId, item.Reason);
    }

    /// <summary>An item, or null: also for a text that can be no key.</summary>
    public async Task<ParkedItem?> FindAsync(DateOnly day, string key, CancellationToken cancellationToken) =>
        !ParkedItem.IsKey(key) ? null : await _parked.GetEntityIfExistsAsync<ParkedItem>(BusinessDay.Key(day), key, cancellationToken);

    /// <summary>What was kept on a business day.</summary>
    public IAsyncEnumerable<ParkedItem> ListAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var partition = BusinessDay.Key(day);
        return _parked.QueryAsync<ParkedItem>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>Notes that a person has dealt with an item. False when it was kept again, sent again or settled since it was read.</summary>
    public async Task<bool> TrySettleAsync(ParkedItem item, ParkedSettled settled, CancellationToken cancellationToken)
    {
        var change = new TableEntity(BusinessDay.Key(item.Day), item.Key);
        settled.WriteTo(change);
        try
        {
            await _parked.UpdateEntityAsync(change, item.Version, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>Notes that an item was sent again, unless somebody noted it since it was read.</summary>
    public async Task NoteSentAgainAsync(ParkedItem item, CancellationToken cancellationToken)
    {
        var change = new TableEntity(BusinessDay.Key(item.Day), item.Key) { [ParkedItem.SentAgainColumn] = item.SentAgain + 1 };
        try
        {
            await _parked.UpdateEntityAsync(change, item.Version, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            // Two people sent it at once, under one message id: the queue took it once, and the other one noted it.
        }
    }
}
