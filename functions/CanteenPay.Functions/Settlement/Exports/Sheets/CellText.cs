using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>Cells as text, for people and for programs that read text.</summary>
internal static class CellText
{
    private const int BasisPointsOfPercent = 100;

    /// <summary>What makes spreadsheet programs take a text for a formula, or for the end of one cell and the beginning of another (OWASP, CSV Injection).</summary>
    private const string Dangerous = "=+-@\t\r\n＝＋－＠";

    /// <summary>A cell as it stands in a CSV file. Only texts are guarded: a number of ours that is negative begins with a minus and is none.</summary>
    public static string Of(Cell cell) => cell switch
    {
        { IsEmpty: true } => "",
        { Kind: ColumnKind.Text } => Guarded(cell.Text!),
        { Kind: ColumnKind.Money } => new Fen(cell.Number).ToString(),
        { Kind: ColumnKind.Integer } => cell.Number.ToString(CultureInfo.InvariantCulture),
        { Kind: ColumnKind.Date } => DateOnly.FromDayNumber((int)cell.Number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        { Kind: ColumnKind.Time } => new DateTime(cell.Number * TimeSpan.TicksPerSecond, DateTimeKind.Unspecified).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        _ => Percent((int)cell.Number),
    };

    /// <summary>Basis points as percent: 60 is <c>0.60%</c>.</summary>
    public static string Percent(int basisPoints) =>
        string.Create(CultureInfo.InvariantCulture, $"{basisPoints / BasisPointsOfPercent}.{basisPoints % BasisPointsOfPercent:D2}%");

    /// <summary>A text that no spreadsheet program takes for a formula: an apostrophe before what begins dangerously.</summary>
    public static string Guarded(string text) => text.Length > 0 && Dangerous.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
