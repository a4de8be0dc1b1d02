using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>Refunds in the table <c>Orders</c>, each written in one transaction with the totals of its order.</summary>
internal sealed class RefundStore(TableServiceClient tables, OpenOrderStore open)
{
    private readonly TableClient _orders = tables.GetTableClient(OrderStore.Table);

    /// <summary>The refund, or null.</summary>
    public Task<RefundRow?> FindAsync(RefundId refund, CancellationToken cancellationToken) =>
        _orders.GetEntityIfExistsAsync<RefundRow>(OrderRow.Partition(refund.Order), refund.Value, cancellationToken);

    /// <summary>An order's refunds, at most <see cref="RefundId.MaxNumber"/>.</summary>
    public IAsyncEnumerable<RefundRow> ListAsync(OrderId order, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (OrderRow.Partition(order), $"{order}.r", $"{order}.s");
        return _orders.QueryAsync<RefundRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), cancellationToken: cancellationToken);
    }

    /// <summary>Guards a new refund, then stores it with its order; null when somebody wrote the order since it was read.</summary>
    public async Task<(OrderRow Order, RefundRow Refund)?> TryInsertAsync(OrderRow read, Order next, Refund refund, CancellationToken cancellationToken)
    {
        var guarded = await open.TryInsertAsync(OpenOrderRow.For(refund.Id, refund.CreatedAt), cancellationToken);
        var written = await TryWriteAsync(read, next, refund, TableTransactionActionType.Add, default, cancellationToken);
        // The number went to another refund with a guard of its own. While nobody has the number the guard stays: another call may be about to use it.
        if (written is null && guarded && await FindAsync(refund.Id, cancellationToken) is { } other && other.Refund.OpenKey != refund.OpenKey)
            await open.DeleteAsync(refund.OpenKey, cancellationToken);
        return written;
    }

    /// <summary>Writes a refund and its order if nobody wrote either since they were read; null when somebody did.</summary>
    public Task<(OrderRow Order, RefundRow Refund)?> TryUpdateAsync(
        OrderRow readOrder, Order order, RefundRow readRefund, Refund refund, CancellationToken cancellationToken) =>
        TryWriteAsync(readOrder, order, refund, TableTransactionActionType.UpdateMerge, readRefund.Version, cancellationToken);

    private async Task<(OrderRow Order, RefundRow Refund)?> TryWriteAsync(
        OrderRow readOrder, Order order, Refund refund, TableTransactionActionType how, ETag version, CancellationToken cancellationToken)
    {
        try
        {
            var versions = await _orders.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.UpdateMerge, readOrder with { Order = order }, readOrder.Version),
                    new(how, new RefundRow(refund, default), version),
                ],
                cancellationToken);
            return (new(order, versions[0]), new(refund, versions[1]));
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
