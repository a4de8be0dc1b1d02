using System.Globalization;
using System.Text;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>Text that a diner reads in the wallet.</summary>
internal static class WalletText
{
    /// <summary>Control characters and broken surrogates become spaces or vanish; cut between characters at a number of UTF-8 bytes.</summary>
    public static string Fit(string text, int maxBytes)
    {
        var fitted = new StringBuilder();
        var bytes = 0;
        var elements = StringInfo.GetTextElementEnumerator(Clean(text));
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            bytes += Encoding.UTF8.GetByteCount(element);
            if (bytes > maxBytes)
                break;
            fitted.Append(element);
        }

        return fitted.ToString().TrimEnd();
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD; U+FFFE and U+FFFF are not XML.
            if (rune.Value is 0xFFFD or 0xFFFE or 0xFFFF)
                continue;
            clean.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
