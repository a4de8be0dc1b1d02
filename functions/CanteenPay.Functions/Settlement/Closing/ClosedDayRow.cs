using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Closing;

/// <summary>
/// Who closed a date and when: table <c>Settlements</c>, partition = date, row <c>day</c>. To be read by people; what closes a day is
/// <see cref="Days.ClosedThrough"/>, of whose write this is a copy: of two who close at once, only one is in it.
/// </summary>
/// <param name="Day">The settlement date.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
internal sealed record ClosedDayRow(DateOnly Day, DateTimeOffset At, Person By) : ITableEntity<ClosedDayRow>
{
    /// <summary>Its row.</summary>
    public const string Row = "day";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Row);
        Write(row);
        return row;
    }

    /// <inheritdoc/>
    public static ClosedDayRow FromTableEntity(TableEntity row) =>
        Read(DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture), row) ?? throw new InvalidOperationException($"{row.PartitionKey} does not say who closed it.");

    /// <summary>Writes who and when to a row.</summary>
    public void Write(TableEntity row) => (row["ClosedAt"], row["By"], row["ByName"]) = (At, By.Id, By.Name);

    /// <summary>Who and when, from a row; null where it does not say.</summary>
    public static ClosedDayRow? Read(DateOnly day, TableEntity row) =>
        row.GetDateTimeOffset("ClosedAt") is { } at ? new(day, at, new(row.Text("By"), row.Text("ByName"))) : null;
}
