using Azure;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.Tests.Tables;

/// <summary>A typed row.</summary>
public sealed record Lunch(string Canteen, string Id, long Fen, string? Dish = null, ETag ETag = default) : ITableEntity<Lunch>
{
    public TableEntity ToTableEntity() => new(Canteen, Id) { { "Fen", Fen }, { "Dish", Dish } };

    public static Lunch FromTableEntity(TableEntity row) =>
        new(row.PartitionKey, row.RowKey, row.GetInt64("Fen") ?? 0, row.GetString("Dish"), row.ETag);
}
