using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>The last that was heard of a machine.</summary>
/// <param name="Device">The machine.</param>
/// <param name="HeardAt">When the broker took its message.</param>
/// <param name="Status">What it said; null when the broker said that it is gone.</param>
internal sealed record DeviceStatusRow(DeviceId Device, DateTimeOffset HeardAt, DeviceStatus? Status) : ITableEntity<DeviceStatusRow>
{
    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Device.Value, DeviceRegistry.StatusRow) { ["HeardAt"] = HeardAt, ["Online"] = Status is not null };
        if (Status is null)
            return row;
        row["Version"] = Status.Version;
        row["Unsent"] = Status.Unsent;
        row["OpenOrders"] = Status.OpenOrders;
        row["OldestUnsentAgeS"] = Status.OldestUnsentAgeS;
        row["OfflineForS"] = Status.OfflineForS;
        row["Clock"] = Status.Clock;
        row["DiskFreeBytes"] = Status.DiskFreeBytes;
        if (Status.Epoch is { } epoch)
            row["Epoch"] = epoch;
        if (Status.LastError is { } error)
            row["LastError"] = error;
        return row;
    }

    /// <inheritdoc/>
    public static DeviceStatusRow FromTableEntity(TableEntity row) => new(
        DeviceId.Parse(row.PartitionKey),
        row.GetDateTimeOffset("HeardAt") ?? DateTimeOffset.MinValue,
        row.GetBoolean("Online") != true ? null : new DeviceStatus
        {
            Version = row.GetString("Version") ?? "",
            Unsent = row.GetInt32("Unsent") ?? 0,
            OpenOrders = row.GetInt32("OpenOrders") ?? 0,
            OldestUnsentAgeS = row.GetInt64("OldestUnsentAgeS") ?? 0,
            OfflineForS = row.GetInt64("OfflineForS") ?? 0,
            Clock = row.GetDateTimeOffset("Clock") ?? DateTimeOffset.MinValue,
            DiskFreeBytes = row.GetInt64("DiskFreeBytes") ?? 0,
            Epoch = row.GetString("Epoch"),
            LastError = row.GetString("LastError"),
        });
}
