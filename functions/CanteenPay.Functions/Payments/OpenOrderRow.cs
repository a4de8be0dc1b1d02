using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>A row of <c>OpenOrders</c>: an order that still needs a step. Inserted before the order, deleted last.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Order">The order.</param>
/// <param name="CreatedAt">The zero of the order's poll schedule.</param>
internal sealed record OpenOrderRow(OpenOrderKey Key, OrderId Order, DateTimeOffset CreatedAt) : ITableEntity<OpenOrderRow>
{
    private const int Partitions = 16;
    private const string MinuteFormat = "yyyyMMddHHmm";

    /// <summary>The row of a new order: partitions by the id's random part, so that many tills do not meet in one.</summary>
    public static OpenOrderRow For(OrderId order, DateTimeOffset createdAt) =>
        new(new(Partition(order.Value[^1] % Partitions), $"{Minute(createdAt)}-{order}"), order, createdAt);

    /// <summary>All partitions.</summary>
    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Partitions).Select(Partition);

    /// <summary>Rows before this key are older than the instant, to the minute.</summary>
    public static string RowsBefore(DateTimeOffset instant) => Minute(instant);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Key.Partition, Key.Row) { ["OrderId"] = Order.Value, ["CreatedAt"] = CreatedAt };

    /// <inheritdoc/>
    public static OpenOrderRow FromTableEntity(TableEntity row) => new(
        new(row.PartitionKey, row.RowKey),
        OrderId.Parse(row.GetString("OrderId") ?? ""),
        row.GetDateTimeOffset("CreatedAt") ?? throw new InvalidOperationException($"Open order {row.RowKey} has no CreatedAt."));

    private static string Partition(int number) => number.ToString("D2", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset instant) => instant.ToUniversalTime().ToString(MinuteFormat, CultureInfo.InvariantCulture);
}
