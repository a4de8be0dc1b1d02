using System.Globalization;

namespace CanteenPay.Protocol;

/// <summary>Dates of business: Asia/Shanghai, which is UTC+8 all year (no daylight saving since 1991), so that no time-zone table is needed.</summary>
public static class BusinessDay
{
    /// <summary>The offset of Asia/Shanghai.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The date on which an instant falls in Asia/Shanghai.</summary>
    public static DateOnly Of(DateTimeOffset instant) => DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime);

    /// <summary>The same instant as a wall clock in Asia/Shanghai shows it.</summary>
    public static DateTimeOffset Local(DateTimeOffset instant) => instant.ToOffset(Offset);

    /// <summary>A date as it stands in keys: <c>yyyyMMdd</c>.</summary>
    public static string Key(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
