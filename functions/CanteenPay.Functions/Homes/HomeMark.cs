using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Homes;

/// <summary>
/// What an account says of a merchant that was moved: row <c>home</c> of its partition in <c>Cards</c>. The account that it left names the one it went to; the one in which
/// it lives says so. A merchant that was never moved has none.
/// </summary>
/// <param name="Merchant">The merchant.</param>
/// <param name="LivesIn">The name of the account in which it lives, as settings call it.</param>
/// <param name="IsHere">Whether this is that account.</param>
/// <param name="At">When the move came so far.</param>
/// <param name="Version">The version that was read; default for a new mark.</param>
internal sealed record HomeMark(MerchantId Merchant, string LivesIn, bool IsHere, DateTimeOffset At, ETag Version = default) : ITableEntity<HomeMark>
{
    /// <summary>Its row.</summary>
    public const string Row = "home";

    /// <summary>Its table.</summary>
    public const string Table = CardKeys.Cards;

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, Row) { ["LivesIn"] = LivesIn, ["IsHere"] = IsHere, ["At"] = At };

    /// <inheritdoc/>
    public static HomeMark FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey), row.GetString("LivesIn") ?? "", row.GetBoolean("IsHere") ?? false, row.GetDateTimeOffset("At") ?? default, row.ETag);
}
