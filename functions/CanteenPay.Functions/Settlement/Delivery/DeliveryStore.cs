using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>Deliveries in the table <c>Settlements</c>.</summary>
internal sealed class DeliveryStore(TableServiceClient tables)
{
    private readonly TableClient _settlements = tables.GetTableClient(ClosedDays.Table);

    /// <summary>A delivery; null when there is none.</summary>
    public Task<DeliveryRow?> FindAsync(DateOnly day, int edition, CancellationToken cancellationToken) =>
        _settlements.GetEntityIfExistsAsync<DeliveryRow>(BusinessDay.Key(day), DeliveryRow.Key(edition), cancellationToken);

    /// <summary>Opens a delivery: first what the sweep finds, then the delivery. One that is there stays as it is.</summary>
    public async Task OpenAsync(DeliveryRow delivery, CancellationToken cancellationToken)
    {
        await InsertIfAbsentAsync(new OpenDeliveryRow(delivery.Day, delivery.Edition), cancellationToken);
        await InsertIfAbsentAsync(delivery, cancellationToken);
    }

    /// <summary>Writes a delivery; false when somebody else did since it was read.</summary>
    public async Task<bool> TryWriteAsync(DeliveryRow delivery, CancellationToken cancellationToken)
    {
        try
        {
            await _settlements.UpdateEntityAsync(delivery, delivery.Version, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    /// <summary>Those that have not ended.</summary>
    public IAsyncEnumerable<OpenDeliveryRow> ListOpenAsync(CancellationToken cancellationToken) => _settlements.QueryAsync<OpenDeliveryRow>(
        TableClient.CreateQueryFilter($"PartitionKey eq {OpenDeliveryRow.Partition}"), cancellationToken: cancellationToken);

    /// <summary>Notes that one has ended.</summary>
    public Task CloseAsync(OpenDeliveryRow open, CancellationToken cancellationToken) =>
        _settlements.DeleteEntityAsync(OpenDeliveryRow.Partition, open.Key, ETag.All, cancellationToken);

    private async Task InsertIfAbsentAsync<T>(T row, CancellationToken cancellationToken)
        where T : class, ITableEntity<T>
    {
        try
        {
            await _settlements.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            // There is what was wanted.
        }
    }
}
