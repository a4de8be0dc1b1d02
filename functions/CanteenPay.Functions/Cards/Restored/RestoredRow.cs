using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Restored;

/// <summary>That a merchant's card money was put back to an earlier state, and how far it was brought together again.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Key">The caller's key.</param>
/// <param name="Floor">From which version on feed and accounts go on: beyond any that a machine can have seen.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record RestoredRow(MerchantId Merchant, string Key, long Floor, ETag Version = default) : ITableEntity<RestoredRow>
{
    /// <summary>The row's key in the merchant's partition.</summary>
    public const string RowKey = "restored";

    /// <summary>Nothing is left to be done.</summary>
    public bool IsDone { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, RowKey) { ["Key"] = Key, ["Floor"] = Floor, ["IsDone"] = IsDone };

    /// <inheritdoc/>
    public static RestoredRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.GetString("Key") ?? throw new InvalidOperationException($"The row {row.RowKey} has no key."),
        row.GetInt64("Floor") ?? throw new InvalidOperationException($"The row {row.RowKey} has no floor."),
        row.ETag)
    {
        IsDone = row.GetBoolean("IsDone") == true,
    };
}
