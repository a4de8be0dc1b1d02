using System.Globalization;

namespace CanteenPay.Functions.Operations;

/// <summary>How values stand in log lines: dates as ISO 8601 has them, because 11/12 is two days, depending on who reads it.</summary>
internal static class LogFormat
{
    /// <summary>2026-11-23, 2026-11-23 15:09:14 +08:00; numbers as everywhere else.</summary>
    public static IFormatProvider Provider { get; } = Make();

    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.DateTimeFormat.ShortDatePattern = "yyyy-MM-dd";
        return CultureInfo.ReadOnly(culture);
    }
}
