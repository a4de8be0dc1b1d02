using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>A settlement date on which somebody had business: table <c>DayIndex</c>, partition <c>days</c>.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="IsFannedOut">Whether all its merchants were sent to be settled when it was over; see <see cref="DayHours.CompleteFrom"/>.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record BusinessDayRow(DateOnly Day, bool IsFannedOut = false, ETag Version = default) : ITableEntity<BusinessDayRow>
{
    /// <summary>The partition of all of them.</summary>
    public const string Partition = "days";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition, BusinessDay.Key(Day)) { ["IsFannedOut"] = IsFannedOut };

    /// <inheritdoc/>
    public static BusinessDayRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.RowKey, "yyyyMMdd", CultureInfo.InvariantCulture), row.GetBoolean("IsFannedOut") ?? false, row.ETag);
}
