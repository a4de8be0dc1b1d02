using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>Texts and numbers as a workbook takes them.</summary>
internal static partial class XlsxText
{
    /// <summary>What a cell of Excel holds.</summary>
    private const int LongestText = 32_767;
    private const int Letters = 26;
    private const double SecondsOfDay = 24 * 60 * 60;

    /// <summary>Day 0 of spreadsheet programs, which believe that 1900 was a leap year.</summary>
    private static readonly int FirstDay = new DateOnly(1899, 12, 30).DayNumber;

    /// <summary>The letters of a column, from 0: A, …, Z, AA.</summary>
    public static string ColumnName(int column)
    {
        var name = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / Letters)
            name = (char)('A' + (rest - 1) % Letters) + name;
        return name;
    }

    /// <summary>A number as XML writes it; exact for money, whose yuan are written as decimals and never reckoned in binary.</summary>
    public static string Number(ColumnKind kind, long number) => kind switch
    {
        ColumnKind.Money => new Protocol.Fen(number).ToString(),
        ColumnKind.Date => (number - FirstDay).ToString(CultureInfo.InvariantCulture),
        ColumnKind.Time => (number / SecondsOfDay - FirstDay).ToString("R", CultureInfo.InvariantCulture),
        ColumnKind.Percent => (number / 10_000m).ToString(CultureInfo.InvariantCulture),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A text that XML can hold and no program reads otherwise: what cannot stand in XML becomes U+FFFD, what looks like the format's own escape is escaped.</summary>
    public static string Clean(string text)
    {
        var cut = text.Length <= LongestText ? text : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
        if (!cut.AsSpan().ContainsAnyExceptInRange(' ', '~') && !cut.Contains("_x", StringComparison.Ordinal))
            return cut;
        return Escape().Replace(Holdable(cut), "_x005F_");
    }

    /// <summary>A text without what can stand neither in XML nor in HTML: control characters and halves of characters become U+FFFD.</summary>
    public static string Holdable(string text)
    {
        var held = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
                held.Append(text, at++, 2);
            else
                held.Append(XmlConvert.IsXmlChar(text[at]) ? text[at] : '\uFFFD');
        }

        return held.ToString();
    }

    [GeneratedRegex("_(?=x[0-9A-Fa-f]{4}_)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
