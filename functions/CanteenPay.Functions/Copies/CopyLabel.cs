using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Copies;

/// <summary>Names of copies: <c>2026-11-23</c> is that night's, <c>2026-11-23T0312</c> one that somebody asked for in that minute, in Asia/Shanghai.</summary>
internal static class CopyLabel
{
    private const string Day = "yyyy-MM-dd", Minute = "yyyy-MM-dd'T'HHmm";

    /// <summary>The night's copy.</summary>
    public static string OfNight(DateTimeOffset now) => BusinessDay.Of(now).ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>A copy that somebody asks for: within a minute it is the same.</summary>
    public static string OnDemand(DateTimeOffset now) => BusinessDay.Local(now).ToString(Minute, CultureInfo.InvariantCulture);

    /// <summary>Whether it is the night's.</summary>
    public static bool IsNight(string label) => DateOnly.TryParseExact(label, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Whether a text is one.</summary>
    public static bool Is(string text) => IsNight(text) || DateTime.TryParseExact(text, Minute, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
