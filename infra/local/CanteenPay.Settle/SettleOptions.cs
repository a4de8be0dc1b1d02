using System.Globalization;

namespace CanteenPay.Settle;

/// <summary>What is asked for: <c>yyyy-MM-dd [--state FOLDER]</c>.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="StateFolder">Of the stack that runs.</param>
internal sealed record SettleOptions(DateOnly Day, string StateFolder)
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="SettleException">They are not such.</exception>
    public static SettleOptions Parse(IReadOnlyList<string> arguments)
    {
        var (day, state) = arguments switch
        {
            [var only] => (only, ".canteen"),
            [var first, "--state", var folder] => (first, folder),
            _ => throw new SettleException("用法 Usage: run.sh settle yyyy-MM-dd [--state FOLDER]"),
        };
        return DateOnly.TryParseExact(day, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new(date, state)
            : throw new SettleException($"'{day}' 不是日期，例如 2026-11-21 / '{day}' is not a day such as 2026-11-21.");
    }
}
