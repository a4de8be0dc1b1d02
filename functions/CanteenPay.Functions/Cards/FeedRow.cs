using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>How far a merchant's feed has come.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Current">The version; <see cref="First"/> before anything changed, since a machine's 0 says that it has nothing.</param>
/// <param name="Published">The version up to which all was published.</param>
/// <param name="Version">The version of the row that was read; default when there is none yet.</param>
internal sealed record FeedRow(MerchantId Merchant, long Current, long Published, ETag Version = default) : ITableEntity<FeedRow>
{
    /// <summary>The version of a feed in which nothing has changed yet.</summary>
    public const long First = 1;

    /// <summary>The feed before its first change.</summary>
    public static FeedRow Begin(MerchantId merchant) => new(merchant, First, First);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, CardKeys.Feed) { ["Current"] = Current, ["Published"] = Published };

    /// <inheritdoc/>
    public static FeedRow FromTableEntity(TableEntity row) =>
        new(MerchantId.Parse(row.PartitionKey), row.GetInt64("Current") ?? First, row.GetInt64("Published") ?? First, row.ETag);
}
