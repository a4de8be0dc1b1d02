using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>A merchant in the registry.</summary>
/// <param name="Id">The merchant.</param>
/// <param name="Name">The name that diners read in their wallet.</param>
/// <param name="Channel">Which channel collects for it.</param>
/// <param name="ChannelMerchantId">Its number there.</param>
/// <param name="IsActive">Whether it may take cloud pay.</param>
/// <param name="FeeRateBasisPoints">What the channel keeps of a payment, in hundredths of a percent.</param>
internal sealed record MerchantProfile(
    MerchantId Id, string Name, string Channel, string ChannelMerchantId, bool IsActive, int FeeRateBasisPoints = ChannelFee.DefaultRateBasisPoints)
    : ITableEntity<MerchantProfile>
{
    private const string ActiveState = "active";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Id.Value, MerchantRegistry.ProfileRow)
    {
        ["Name"] = Name,
        ["Channel"] = Channel,
        ["ChannelMerchantId"] = ChannelMerchantId,
        ["State"] = IsActive ? ActiveState : "suspended",
        ["FeeRateBasisPoints"] = FeeRateBasisPoints,
    };

    /// <inheritdoc/>
    public static MerchantProfile FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.GetString("Name") ?? "",
        row.GetString("Channel") ?? "",
        row.GetString("ChannelMerchantId") ?? "",
        row.GetString("State") == ActiveState,
        row.GetInt32("FeeRateBasisPoints") ?? ChannelFee.DefaultRateBasisPoints);
}
