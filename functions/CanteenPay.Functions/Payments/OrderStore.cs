using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>The tables <c>Orders</c> and <c>OpenOrders</c>.</summary>
internal sealed class OrderStore(TableServiceClient tables)
{
    private readonly TableClient _orders = tables.GetTableClient("Orders");
    private readonly TableClient _open = tables.GetTableClient("OpenOrders");

    /// <summary>The order, or null.</summary>
    public Task<OrderRow?> FindAsync(OrderId order, CancellationToken cancellationToken) =>
        _orders.GetEntityIfExistsAsync<OrderRow>(OrderRow.Partition(order), order.Value, cancellationToken);

    /// <summary>A merchant's orders of a day, in the order of their ids.</summary>
    public IAsyncEnumerable<OrderRow> ListAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var partition = OrderRow.Partition(merchant, day);
        return _orders.QueryAsync<OrderRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>Guards the order, then stores it if absent. False, with the stored one, when it was there before.</summary>
    public async Task<(OrderRow Row, bool Inserted)> InsertAsync(Order order, CancellationToken cancellationToken)
    {
        var guarded = order.OpenKey is not null && await InsertGuardAsync(OpenOrderRow.For(order.Id, order.CreatedAt), cancellationToken);
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
                await DeleteGuardAsync(order.OpenKey!, cancellationToken);
            return (stored, false);
        }
    }

    /// <summary>Guards an order whose guard was taken away.</summary>
    public Task GuardAgainAsync(Order order, CancellationToken cancellationToken) => order.OpenKey is { } key
        ? _open.UpsertEntityAsync(new OpenOrderRow(key, order.Id, order.CreatedAt), TableUpdateMode.Replace, cancellationToken)
        : Task.CompletedTask;

    private async Task<bool> InsertGuardAsync(OpenOrderRow guard, CancellationToken cancellationToken)
    {
        try
        {
            await _open.AddEntityAsync(guard, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
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

    /// <summary>Whether the order is still guarded: its last step may not have been taken.</summary>
    public async Task<bool> IsGuardedAsync(Order order, CancellationToken cancellationToken) =>
        order.OpenKey is { } key && await _open.GetEntityIfExistsAsync<OpenOrderRow>(key.Partition, key.Row, cancellationToken) is not null;

    /// <summary>Takes the guard away: the very last step of an order. Another may have done it before.</summary>
    public async Task DeleteGuardAsync(OpenOrderKey key, CancellationToken cancellationToken)
    {
        try
        {
            await _open.DeleteEntityAsync(key.Partition, key.Row, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // Gone is what was wanted.
        }
    }

    /// <summary>The guards of a partition that are older than an instant, the oldest first.</summary>
    public IAsyncEnumerable<OpenOrderRow> ListGuardsAsync(string partition, DateTimeOffset before, CancellationToken cancellationToken) =>
        _open.QueryAsync<OpenOrderRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {OpenOrderRow.RowsBefore(before)}"), cancellationToken: cancellationToken);
}
