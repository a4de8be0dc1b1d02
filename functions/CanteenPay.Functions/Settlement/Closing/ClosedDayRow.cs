using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Closing;

/// <summary>Who closed a date and when: table <c>Settlements</c>, partition = date, row <c>day</c>. To be read by people; what closes a day is <see cref="Days.ClosedThrough"/>.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
internal sealed record ClosedDayRow(DateOnly Day, DateTimeOffset At, Person By) : ITableEntity<ClosedDayRow>
{
    /// <summary>Its row.</summary>
    public const string Row = "day";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(BusinessDay.Key(Day), Row) { ["ClosedAt"] = At, ["By"] = By.Id, ["ByName"] = By.Name };

    /// <inheritdoc/>
    public static ClosedDayRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture), row.Time("ClosedAt"), new(row.Text("By"), row.Text("ByName")));
}
