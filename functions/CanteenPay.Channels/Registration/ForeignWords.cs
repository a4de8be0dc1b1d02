using System.Text.RegularExpressions;
using CanteenPay.Channels.SwiftPass;

namespace CanteenPay.Channels.Registration;

/// <summary>What a bank says in words. It repeats what it was sent as it likes: numbers of people must not come back by this way into rows and logs.</summary>
internal static partial class ForeignWords
{
    private const int MaxCode = 40;

    /// <summary>One line without long numbers.</summary>
    public static string Hide(string? text) => LongNumber().Replace(SwiftPassReply.OneLine(text ?? ""), "***");

    /// <summary>A code of a refusal; a word for one that is none.</summary>
    public static string Code(string? code) =>
        code is { Length: > 0 and <= MaxCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? Hide(code) : "no-code";

    /// <summary>Six digits or more, also in groups, and the check letter of a resident number.</summary>
    [GeneratedRegex(@"\d(?: ?\d){5,}[Xx]?", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
