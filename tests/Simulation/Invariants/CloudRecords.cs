using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Cloud;
using Order = CanteenPay.Functions.Payments.Rules.Order;
using Refund = CanteenPay.Functions.Payments.Rules.Refund;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What the cloud has stored, read from outside: no time passes, nothing fails.</summary>
internal sealed class CloudRecords(ShakyAzure azure)
{
    private readonly TableClient orders = azure.Tables.GetTableClient("Orders");
    private readonly TableClient open = azure.Tables.GetTableClient("OpenOrders");
    private readonly TableClient parked = azure.Tables.GetTableClient("Parked");

    public Order? Find(OrderId order) =>
        azure.Quietly(() => orders.GetEntityIfExistsAsync<OrderRow>(OrderRow.Partition(order), order.Value).GetAwaiter().GetResult())?.Order;

    public IReadOnlyList<Order> Orders() =>
        [.. All<TableEntity>(orders).Where(row => row.RowKey.Length == OrderId.Length).Select(row => OrderRow.FromTableEntity(row).Order)];

    public IReadOnlyList<Refund> Refunds() =>
        [.. All<TableEntity>(orders).Where(row => row.RowKey.Length > OrderId.Length).Select(row => RefundRow.FromTableEntity(row).Refund)];

    public IReadOnlyList<OpenOrderRow> Guards() => All<OpenOrderRow>(open);

    public IReadOnlyList<ParkedItem> Parked() => All<ParkedItem>(parked);

    public IReadOnlyList<PostingRow> Postings() => All<PostingRow>(azure.Tables.GetTableClient(PostingStore.Table));

    public IReadOnlySet<(DateOnly Day, MerchantId Merchant)> DayIndex()
    {
        var rows = All<TableEntity>(azure.Tables.GetTableClient(Functions.Settlement.Days.DayIndex.Table));
        var days = rows.Where(row => row.PartitionKey == BusinessDayRow.Partition).Select(row => row.RowKey).ToHashSet(StringComparer.Ordinal);
        return rows.Where(row => days.Contains(row.PartitionKey)).Select(DayIndexRow.FromTableEntity).Select(row => (row.Day, row.Merchant)).ToHashSet();
    }

    /// <summary>Takes the guard of an order away, whatever still needs it.</summary>
    public void Unguard(Order order) => azure.Quietly(() =>
    {
        if (order.OpenKey is { } guard && open.GetEntityIfExistsAsync<OpenOrderRow>(guard.Partition, guard.Row).GetAwaiter().GetResult() is not null)
            open.DeleteEntityAsync(guard.Partition, guard.Row).GetAwaiter().GetResult();
    });

    private List<T> All<T>(TableClient table)
        where T : class, ITableEntity<T> => azure.Quietly(() => table.QueryAsync<T>().ToBlockingEnumerable().ToList());
}
