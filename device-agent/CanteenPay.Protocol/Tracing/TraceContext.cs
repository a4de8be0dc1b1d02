using System.Diagnostics;

namespace CanteenPay.Protocol;

/// <summary>
/// W3C trace context as it stands in messages and rows: <c>00-{trace id}-{parent id}-{flags}</c>. Whoever may publish chooses it, so that it says where a span
/// is drawn and nothing else; what is not exactly one is no trace context at all.
/// </summary>
public static class TraceContext
{
    /// <summary>Characters of a trace context.</summary>
    public const int Length = 55;

    private const string Version = "00-";
    private const int BeforeParent = 35;
    private const int BeforeFlags = 52;

    /// <summary>The text if it is a trace context, otherwise null.</summary>
    public static string? Clean(string? text) => Read(text) is null ? null : text;

    /// <summary>The context that the text names; null when it names none.</summary>
    public static ActivityContext? Read(string? text) =>
        text is { Length: Length } && IsWellFormed(text) && ActivityContext.TryParse(text, traceState: null, isRemote: true, out var context) ? context : null;

    /// <summary>All of it is looked at here, because <see cref="ActivityContext"/> throws at flags that are no number.</summary>
    private static bool IsWellFormed(string text)
    {
        if (!text.StartsWith(Version, StringComparison.Ordinal))
            return false;
        for (var i = Version.Length; i < text.Length; i++)
        {
            if (i is BeforeParent or BeforeFlags ? text[i] != '-' : !char.IsAsciiHexDigitLower(text[i]))
                return false;
        }

        return true;
    }
}
