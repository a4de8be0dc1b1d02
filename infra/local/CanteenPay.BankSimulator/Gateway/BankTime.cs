using System.Globalization;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The bank's clock is Beijing's.</summary>
internal static class BankTime
{
    private static readonly TimeSpan Offset = new(8, 0, 0);

    public static string Format(DateTimeOffset time) => time.ToOffset(Offset).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    public static string Spaced(DateTimeOffset time) => time.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Parse(string text) =>
        DateTimeOffset.TryParseExact(text + "+08:00", "yyyyMMddHHmmsszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    public static bool IsOnDay(DateTimeOffset time, string day) => Format(time).StartsWith(day, StringComparison.Ordinal);
}
