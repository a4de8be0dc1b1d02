using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>A row of <c>OpenCards</c>: something about card money that may be unfinished. Written before the money moves.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Operation">The key of the operation that is guarded; null for the merchant's feed.</param>
/// <param name="GuardedAt">When somebody last began something under it.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record OpenCardRow(MerchantId Merchant, string? Operation, DateTimeOffset GuardedAt, ETag Version = default) : ITableEntity<OpenCardRow>
{
    private const int Partitions = 16;
    private const string WaitsColumn = "Waits";

    /// <summary>The operation is where it should be, and waits for something: it is looked at after those that somebody may have left.</summary>
    public bool Waits { get; init; }

    /// <summary>All partitions.</summary>
    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Partitions).Select(Partition);

    /// <summary>Where it lies: partitions by the merchant, whose ids are drawn at random.</summary>
    public string PartitionKey => Partition(Merchant.Value[^1] % Partitions);

    /// <summary>Its key there.</summary>
    public string RowKey => Operation is null ? $"feed-{Merchant}" : $"op-{Merchant}-{Operation}";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(PartitionKey, RowKey) { ["MerchantId"] = Merchant.Value, ["GuardedAt"] = GuardedAt };
        row.SetIfAny("Operation", Operation);
        row.SetIfAny(WaitsColumn, Waits ? true : null);
        return row;
    }

    /// <inheritdoc/>
    public static OpenCardRow FromTableEntity(TableEntity row) =>
        new(MerchantId.Parse(row.Text("MerchantId")), row.GetString("Operation"), row.Time("GuardedAt"), row.ETag) { Waits = row.GetBoolean(WaitsColumn) == true };

    private static string Partition(int number) => number.ToString("D2", CultureInfo.InvariantCulture);
}
