using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;

namespace CanteenPay.Functions.Merchants.Distributors;

/// <summary>A distributor: table <c>Distributors</c>, row <c>profile</c>.</summary>
/// <param name="Id">The distributor.</param>
/// <param name="Name">The company's name.</param>
/// <param name="CreatedAt">Since when.</param>
internal sealed record DistributorRow(DistributorId Id, string Name, DateTimeOffset CreatedAt) : ITableEntity<DistributorRow>
{
    /// <summary>The row's key.</summary>
    public const string RowKey = "profile";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Id.Value, RowKey) { ["Name"] = Name, ["CreatedAt"] = CreatedAt };

    /// <inheritdoc/>
    public static DistributorRow FromTableEntity(TableEntity row) => new(DistributorId.Parse(row.PartitionKey), row.Text("Name"), row.Time("CreatedAt"));
}
