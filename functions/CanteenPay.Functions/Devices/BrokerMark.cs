using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>Table <c>Devices</c>, partition <c>to-broker</c>: what the registry says of a machine may not have reached the broker. Written before the registry is.</summary>
/// <param name="Device">The machine.</param>
/// <param name="Since">When somebody last began to change it.</param>
/// <param name="HeldUntil">Until then somebody is telling the broker; nobody else does.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record BrokerMark(DeviceId Device, DateTimeOffset Since, DateTimeOffset HeldUntil, ETag Version = default) : ITableEntity<BrokerMark>
{
    /// <summary>One partition for all: it is empty but for what is under way.</summary>
    public const string Partition = "to-broker";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, Device.Value) { ["Since"] = Since, ["HeldUntil"] = HeldUntil };

    /// <inheritdoc/>
    public static BrokerMark FromTableEntity(TableEntity row) => new(DeviceId.Parse(row.RowKey), row.Time("Since"), row.Time("HeldUntil"), row.ETag);
}
