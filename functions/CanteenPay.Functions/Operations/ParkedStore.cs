using CanteenPay.Azure.Tables;

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
}
