using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>A machine in the registry.</summary>
/// <param name="Id">The machine.</param>
/// <param name="Merchant">Whom it serves.</param>
/// <param name="Name">What people call it: 一号窗口.</param>
/// <param name="IsActive">False for a machine that was blocked: refused whatever the broker does.</param>
internal sealed record DeviceProfile(DeviceId Id, MerchantId Merchant, string Name, bool IsActive) : ITableEntity<DeviceProfile>
{
    private const string ActiveState = "active";

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Id.Value, DeviceRegistry.ProfileRow)
    {
        ["MerchantId"] = Merchant.Value,
        ["Name"] = Name,
        ["State"] = IsActive ? ActiveState : "blocked",
    };

    /// <inheritdoc/>
    public static DeviceProfile FromTableEntity(TableEntity row) => new(
        DeviceId.Parse(row.PartitionKey),
        MerchantId.Parse(row.GetString("MerchantId") ?? ""),
        row.GetString("Name") ?? "",
        row.GetString("State") == ActiveState)
    {
        Version = row.ETag,
    };
}
