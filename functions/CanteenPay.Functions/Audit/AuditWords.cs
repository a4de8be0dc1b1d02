using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// Which texts may stand in the audit even in a field that is called safe: words and short ids. A field says what should stand in it, not what somebody typed: a
/// name, an identity card, a phone or a bank card is neither.
/// </summary>
internal static partial class AuditWords
{
    /// <summary>A phone number has 11.</summary>
    private const int MostDigits = 10;

    private const int LongestWord = 64;

    private static readonly SearchValues<char> WordCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+");

    /// <summary>Whether a text is a word or an id of ours.</summary>
    public static bool ArePlain(string text) =>
        text.Length <= LongestWord && !text.AsSpan().ContainsAnyExcept(WordCharacters) && (HasFewDigits(text) || IsLongId(text));

    /// <summary>Whether it is too short for anybody's number.</summary>
    public static bool HasFewDigits(string text) => text.Count(char.IsAsciiDigit) <= MostDigits;

    /// <summary>Ids of ours with many digits. None of them could be somebody's number: that has no letters, or one at the end, and no hyphens where a GUID has them.</summary>
    private static bool IsLongId(string text) =>
        (OrderId.TryParse(text, null, out _) || RefundId.TryParse(text, null, out _) || IsHash(text)) && text.Take(text.Length - 1).Any(char.IsAsciiLetter)
        || Guid.TryParseExact(text, "D", out _)
        || Instant().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);

    private static bool IsHash(string text) => text.Length == LongestWord && text.All(char.IsAsciiHexDigit);

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Instant();
}
