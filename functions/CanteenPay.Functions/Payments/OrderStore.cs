using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>The orders in the table <c>Orders</c>; their refunds lie beside them (<see cref="RefundStore"/>).</summary>
internal sealed class OrderStore(TableServiceClient tables, OpenOrderStore open)
{
    /// <summary>The table.</summary>
    public const string Table = "Orders";

    private readonly TableClient _orders = tables.GetTableClient(Table);

    /// <summary>The order, or null.</summary>
    public Task<OrderRow?> FindAsync(OrderId order, CancellationToken cancellationToken) =>
        _orders.GetEntityIfExistsAsync<OrderRow>(OrderRow.Partition(order), order.Value, cancellationToken);

    /// <summary>A merchant's orders of a day, in the order of their ids.</summary>
    public IAsyncEnumerable<OrderRow> ListAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var partition = OrderRow.Partition(merchant, day);
        return _orders.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken)
            .Where(row => row.RowKey.Length == OrderId.Length).Select(OrderRow.FromTableEntity);
    }

    /// <summary>Guards the order, then stores it if absent. False, with the stored one, when it was there before.</summary>
    public async Task<(OrderRow Row, bool Inserted)> InsertAsync(Order order, CancellationToken cancellationToken)
    {
        var guarded = order.OpenKey is not null && await open.TryInsertAsync(OpenOrderRow.For(order.Id, order.CreatedAt), cancellationToken);
        try
        {
            var version = await _orders.AddEntityAsync(new OrderRow(order, default), cancellationToken);
            return (new(order, version), true);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            var stored = await FindAsync(order.Id, cancellationToken)
                ?? throw new InvalidOperationException($"Order {order.Id} was there and is gone: orders are never deleted.", e);
            // A guard that this call made and the stored order does not know would outlive it.
            if (guarded && order.OpenKey != stored.Order.OpenKey)
                await open.DeleteAsync(order.OpenKey!, cancellationToken);
            return (stored, false);
        }
    }

    /// <summary>
    /// Writes the order if nobody wrote it since it was read; null when somebody did. Merged, so that columns of a newer version of this program stay; no column
    /// is ever emptied.
    /// </summary>
    public async Task<OrderRow?> TryUpdateAsync(OrderRow read, Order next, CancellationToken cancellationToken)
    {
        try
        {
            var version = await _orders.UpdateEntityAsync(read with { Order = next }, read.Version, TableUpdateMode.Merge, cancellationToken);
            return new(next, version);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
    }

    /// <summary>Notes what the machine has acknowledged, without reading the order first.</summary>
    public async Task AcknowledgeAsync(OrderId order, PayOutcome outcome, CancellationToken cancellationToken)
    {
        var change = new TableEntity(OrderRow.Partition(order), order.Value) { [OrderRow.AcknowledgedColumn] = outcome.ToString() };
        try
        {
            await _orders.UpdateEntityAsync(change, ETag.All, TableUpdateMode.Merge, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // An order that was refused before it was stored has nothing to note.
        }
    }
}
