using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Sealing;

/// <summary>A merchant's wrapped data key: table <c>Merchants</c>, row <c>key</c>.</summary>
internal sealed record DataKeyRow(MerchantId Merchant, WrappedKey Wrapped) : ITableEntity<DataKeyRow>
{
    /// <summary>The row's key.</summary>
    public const string RowKey = "key";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, RowKey) { ["Kek"] = Wrapped.KekId, ["Wrapped"] = Wrapped.Bytes };

    /// <inheritdoc/>
    public static DataKeyRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), new(row.GetString("Kek") ?? "", row.GetBinaryData("Wrapped")?.ToArray() ?? []));
}
