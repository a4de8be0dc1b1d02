using System.Text;

namespace CanteenPay.Functions.Merchants.Identifiers;

/// <summary>Identifiers as people type them.</summary>
internal static class IdentifierText
{
    private const char FirstFullWidth = '！', LastFullWidth = '～', IdeographicSpace = '　';
    private const int FullWidthOffset = FirstFullWidth - '!';

    /// <summary>Without spaces and hyphens, in upper case, characters of full width (as Chinese keyboards give them) made half width.</summary>
    public static string Normalise(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            var narrow = character is >= FirstFullWidth and <= LastFullWidth ? (char)(character - FullWidthOffset) : character;
            if (narrow is not (' ' or '-' or IdeographicSpace or '\u00A0'))
                kept.Append(char.ToUpperInvariant(narrow));
        }

        return kept.ToString();
    }

    /// <summary>Whether every character is one of 0 to 9.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
