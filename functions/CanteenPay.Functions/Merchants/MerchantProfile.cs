using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>A merchant in the registry.</summary>
/// <param name="Id">The merchant.</param>
/// <param name="Name">The name that diners read in their wallet.</param>
/// <param name="Channel">Which channel collects for it.</param>
/// <param name="ChannelMerchantId">Its number there.</param>
/// <param name="IsActive">Whether it may take cloud pay.</param>
internal sealed record MerchantProfile(MerchantId Id, string Name, string Channel, string ChannelMerchantId, bool IsActive) : ITableEntity<MerchantProfile>
{
    private const string ActiveState = "active";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Id.Value, MerchantRegistry.ProfileRow)
    {
        ["Name"] = Name,
        ["Channel"] = Channel,
        ["ChannelMerchantId"] = ChannelMerchantId,
        ["State"] = IsActive ? ActiveState : "suspended",
    };

    /// <inheritdoc/>
    public static MerchantProfile FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        row.GetString("Name") ?? "",
        row.GetString("Channel") ?? "",
        row.GetString("ChannelMerchantId") ?? "",
        row.GetString("State") == ActiveState);
}
