using System.Globalization;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>The gateway's times: Beijing wall clock, always +08:00, to the second.</summary>
internal static class SwiftPassTime
{
    /// <summary>No gateway is older; and the first day of all years has no such instant at +08:00.</summary>
    private const int FirstYear = 2000;

    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary><c>yyyyMMddHHmmss</c> at +08:00; fractions of a second are cut.</summary>
    public static string Format(DateTimeOffset time) => time.ToOffset(Beijing).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>yyyyMMddHHmmss</c>, or <c>yyyy-MM-dd HH:mm:ss</c> as Alipay's <c>gmt_payment</c> has it.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTime.TryParseExact(text, ["yyyyMMddHHmmss", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year >= FirstYear
            ? new DateTimeOffset(time, Beijing)
            : null;
}
