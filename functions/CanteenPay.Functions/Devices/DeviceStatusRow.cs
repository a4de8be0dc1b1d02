using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>The last that was heard of a machine.</summary>
/// <param name="Device">The machine.</param>
/// <param name="HeardAt">When the broker took its message.</param>
/// <param name="Status">What it said; null when the broker said that it is gone.</param>
internal sealed record DeviceStatusRow(DeviceId Device, DateTimeOffset HeardAt, DeviceStatus? Status) : ITableEntity<DeviceStatusRow>
{
    /// <summary>How its card journals stood when it last spoke itself: stays while it is gone; null when it never spoke of any.</summary>
    public MachineJournals? Cards { get; init; } = Status is null ? null : new(HeardAt, Status.FeedVersion, Status.SettingsVersion, Status.Journals);

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Device.Value, DeviceRegistry.StatusRow) { ["HeardAt"] = HeardAt, ["Online"] = Status is not null };
        if (Cards is { } cards)
        {
            row["CardsAt"] = cards.ToldAt;
            row["FeedVersion"] = cards.FeedVersion;
            row["SettingsVersion"] = cards.SettingsVersion;
            row["Journals"] = JsonSerializer.Serialize([.. cards.Journals], FunctionsJson.Default.ListJournalState);
        }

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
    public static DeviceStatusRow FromTableEntity(TableEntity row)
    {
        var cards = row.GetString("Journals") is not { } journals ? null : new MachineJournals(
            row.Time("CardsAt"),
            row.GetInt64("FeedVersion") ?? 0,
            row.GetInt64("SettingsVersion") ?? 0,
            JsonSerializer.Deserialize(journals, FunctionsJson.Default.ListJournalState) ?? []);
        var status = row.GetBoolean("Online") != true ? null : new DeviceStatus
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
            FeedVersion = cards?.FeedVersion ?? 0,
            SettingsVersion = cards?.SettingsVersion ?? 0,
            Journals = cards is { Journals.Count: > 0 } ? cards.Journals : [],
        };
        return new(DeviceId.Parse(row.PartitionKey), row.GetDateTimeOffset("HeardAt") ?? DateTimeOffset.MinValue, status) { Cards = cards };
    }
}

/// <summary>How a machine's card journals stood when it last spoke.</summary>
/// <param name="ToldAt">When the broker took that.</param>
/// <param name="FeedVersion">Version of the merchant's card feed that it held; 0 before its first snapshot is complete.</param>
/// <param name="SettingsVersion">Version of its settings.</param>
/// <param name="Journals">Its journals, the current one first.</param>
internal sealed record MachineJournals(DateTimeOffset ToldAt, long FeedVersion, long SettingsVersion, IReadOnlyList<JournalState> Journals);
