using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>How far the delivery of an edition is: table <c>Settlements</c>, partition = date, row <c>delivery-{n}</c>.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Edition">Which edition.</param>
/// <param name="FirstAt">When the first try is due: tries and links are counted from it.</param>
internal sealed record DeliveryRow(DateOnly Day, int Edition, DateTimeOffset FirstAt) : ITableEntity<DeliveryRow>
{
    private const string Prefix = "delivery-";

    /// <summary>How it stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>How many tries were done.</summary>
    public int Tries { get; init; }

    /// <summary>When the next is due; null when there is none.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Why the last was not taken; null when none was refused.</summary>
    public string? Why { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <summary>Names the event at every try.</summary>
    public string EventId => string.Create(CultureInfo.InvariantCulture, $"settlement-{BusinessDay.Key(Day)}-r{Edition}");

    /// <summary>The row of an edition.</summary>
    public static string Key(int edition) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{edition}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Key(Edition)) { ["State"] = State.ToString(), ["FirstAt"] = FirstAt, ["Tries"] = Tries };
        row.SetIfAny("NextAt", NextAt);
        row.SetIfAny("Why", Why);
        row.SetIfAny("EndedAt", EndedAt);
        return row;
    }

    /// <inheritdoc/>
    public static DeliveryRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture),
        int.Parse(row.RowKey.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), row.Time("FirstAt"))
    {
        State = Enum.Parse<DeliveryState>(row.Text("State")),
        Tries = row.GetInt32("Tries") ?? 0,
        NextAt = row.GetDateTimeOffset("NextAt"),
        Why = row.GetString("Why"),
        EndedAt = row.GetDateTimeOffset("EndedAt"),
        Version = row.ETag,
    };
}

/// <summary>How a delivery stands. Stored by name.</summary>
internal enum DeliveryState
{
    /// <summary>It is to be tried.</summary>
    Waiting,

    /// <summary>It was taken.</summary>
    Delivered,

    /// <summary>A later edition is there before this one was taken.</summary>
    Superseded,

    /// <summary>It was never taken, and lies with the parked for a person.</summary>
    Parked,
}

/// <summary>A delivery that has not ended: table <c>Settlements</c>, partition <c>deliveries</c>. There before the delivery, deleted last, so that the sweep finds what a kill left.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Edition">Which edition.</param>
internal sealed record OpenDeliveryRow(DateOnly Day, int Edition) : ITableEntity<OpenDeliveryRow>
{
    /// <summary>Their partition.</summary>
    public const string Partition = "deliveries";

    /// <summary>Its row.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{BusinessDay.Key(Day)}-{Edition}");

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, Key);

    /// <inheritdoc/>
    public static OpenDeliveryRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.RowKey.AsSpan(0, 8), "yyyyMMdd", CultureInfo.InvariantCulture), int.Parse(row.RowKey.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture));
}
