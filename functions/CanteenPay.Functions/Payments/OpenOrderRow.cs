using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>A row of <c>OpenOrders</c>: an order or a refund that still needs a step. Inserted before it (a refund's before the bank is called), deleted last.</summary>
/// <param name="Key">Where it lies.</param>
/// <param name="Order">The order.</param>
/// <param name="CreatedAt">The zero of its schedule.</param>
/// <param name="Refund">The refund of the order that it guards; null when it guards the order itself.</param>
internal sealed record OpenOrderRow(OpenOrderKey Key, OrderId Order, DateTimeOffset CreatedAt, RefundId? Refund = null) : ITableEntity<OpenOrderRow>
{
    private const int Partitions = 16;
    private const string MinuteFormat = "yyyyMMddHHmm";

    /// <summary>The row of a new order: partitions by the id's random part, so that many tills do not meet in one.</summary>
    public static OpenOrderRow For(OrderId order, DateTimeOffset createdAt) =>
        new(new(Partition(order.Value[^1] % Partitions), $"{Minute(createdAt)}-{order}"), order, createdAt);

    /// <summary>The row of a new refund.</summary>
    public static OpenOrderRow For(RefundId refund, DateTimeOffset createdAt) =>
        new(new(Partition(refund.Order.Value[^1] % Partitions), $"{Minute(createdAt)}-{refund}"), refund.Order, createdAt, refund);

    /// <summary>The row of an order that goes on after its end: it is as old as the order, its key as old as the new beginning.</summary>
    public static OpenOrderRow Again(Order order, DateTimeOffset now) => For(order.Id, now) with { CreatedAt = order.CreatedAt };

    /// <summary>The row of a refund that goes on after its end.</summary>
    public static OpenOrderRow Again(Rules.Refund refund, DateTimeOffset now) => For(refund.Id, now) with { CreatedAt = refund.CreatedAt };

    /// <summary>All partitions.</summary>
    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Partitions).Select(Partition);

    /// <summary>Whether it was put there before an instant, to the minute.</summary>
    public bool IsBefore(DateTimeOffset instant) => string.CompareOrdinal(Key.Row, Minute(instant)) < 0;

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Key.Partition, Key.Row) { ["OrderId"] = Order.Value, ["CreatedAt"] = CreatedAt };
        row.SetIfAny("RefundId", Refund?.Value);
        return row;
    }

    /// <inheritdoc/>
    public static OpenOrderRow FromTableEntity(TableEntity row) => new(
        new(row.PartitionKey, row.RowKey),
        OrderId.Parse(row.Text("OrderId")),
        row.Time("CreatedAt"),
        row.GetString("RefundId") is { } refund ? RefundId.Parse(refund) : null);

    private static string Partition(int number) => number.ToString("D2", CultureInfo.InvariantCulture);

    private static string Minute(DateTimeOffset instant) => instant.ToUniversalTime().ToString(MinuteFormat, CultureInfo.InvariantCulture);
}
