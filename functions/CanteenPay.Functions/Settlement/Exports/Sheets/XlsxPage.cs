using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;
using XmlCell = DocumentFormat.OpenXml.Spreadsheet.Cell;
using XmlColumn = DocumentFormat.OpenXml.Spreadsheet.Column;
using XmlColumns = DocumentFormat.OpenXml.Spreadsheet.Columns;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>One worksheet: a frozen heading, rows, totals as formulas.</summary>
internal sealed class XlsxPage(OpenXmlWriter writer, IReadOnlyList<Column> columns)
{
    private const string TotalsLabel = "合计 Total";

    private static readonly XmlCell AnyCell = new();
    private static readonly Row AnyRow = new();
    private static readonly InlineString AnyInline = new();

    private readonly string[] _names = [.. columns.Select((_, column) => XlsxText.ColumnName(column))];
    private int _row;

    /// <summary>Writes what comes before the rows.</summary>
    public void Begin()
    {
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new SheetProperties(new PageSetupProperties { FitToPage = true }));
        writer.WriteElement(new SheetViews(new SheetView(
            new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen })
        { WorkbookViewId = 0 }));
        writer.WriteElement(new XmlColumns(columns.Select((column, index) => new XmlColumn
        {
            Min = (uint)index + 1,
            Max = (uint)index + 1,
            Width = WidthOf(column.Kind),
            CustomWidth = true,
        })));
        writer.WriteStartElement(new SheetData());
        StartRow();
        for (var column = 0; column < columns.Count; column++)
            WriteText(column, XlsxStyles.Heading, columns[column].Heading);
        writer.WriteEndElement();
    }

    /// <summary>Writes a row.</summary>
    public void Write(IReadOnlyList<Cell> row)
    {
        StartRow();
        for (var column = 0; column < row.Count; column++)
        {
            if (row[column].IsEmpty)
                continue;
            var (kind, style) = (columns[column].Kind, XlsxStyles.Of(columns[column].Kind, isTotal: false));
            if (kind == ColumnKind.Text)
                WriteText(column, style, row[column].Text!);
            else
                WriteNumber(column, style, formula: null, XlsxText.Number(kind, row[column].Number));
        }

        writer.WriteEndElement();
    }

    /// <summary>Writes the totals and what comes after them.</summary>
    /// <param name="sums">What all rows up to here come to, those of earlier worksheets included.</param>
    /// <param name="before">The totals of the worksheet before, as a formula begins with them: <c>'name'!{0}9</c>; null on the first.</param>
    /// <returns>The row of the totals.</returns>
    public int End(SheetSums sums, string? before)
    {
        var last = _row;
        StartRow();
        for (var column = 0; column < columns.Count; column++)
        {
            var kind = columns[column].Kind;
            var style = XlsxStyles.Of(kind, isTotal: true);
            if (columns[column].IsSummed)
                WriteNumber(column, style, FormulaOf(column, last, before), XlsxText.Number(kind, sums[column]));
            else if (column == 0)
                WriteText(column, XlsxStyles.Of(ColumnKind.Text, isTotal: true), TotalsLabel);
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteElement(new PageMargins { Left = 0.4, Right = 0.4, Top = 0.5, Bottom = 0.5, Header = 0.3, Footer = 0.3 });
        writer.WriteElement(new PageSetup { PaperSize = 9, Orientation = OrientationValues.Landscape, FitToHeight = 0 });
        writer.WriteEndElement();
        return _row;
    }

    private static double WidthOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => 26,
        ColumnKind.Money => 16,
        ColumnKind.Integer => 11,
        ColumnKind.Date => 13,
        ColumnKind.Time => 20,
        _ => 10,
    };

    /// <summary>Programs reckon in binary fractions: rounded to the fen it is our sum again. Without rows there is nothing to refer to.</summary>
    private string? FormulaOf(int column, int last, string? before)
    {
        if (last < 2)
            return null;
        var name = _names[column];
        var sum = string.Create(CultureInfo.InvariantCulture, $"SUM({name}2:{name}{last})");
        if (before is not null)
            sum += "+" + string.Format(CultureInfo.InvariantCulture, before, name);
        return columns[column].Kind == ColumnKind.Money ? $"ROUND({sum},2)" : sum;
    }

    private void StartRow() => writer.WriteStartElement(AnyRow, [new("r", "", (++_row).ToString(CultureInfo.InvariantCulture))]);

    private void WriteText(int column, uint style, string text)
    {
        writer.WriteStartElement(AnyCell, [Place(column), Style(style), new("t", "", "inlineStr")]);
        writer.WriteStartElement(AnyInline);
        writer.WriteElement(new Text(XlsxText.Clean(text)) { Space = SpaceProcessingModeValues.Preserve });
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private void WriteNumber(int column, uint style, string? formula, string value)
    {
        writer.WriteStartElement(AnyCell, [Place(column), Style(style)]);
        if (formula is not null)
            writer.WriteElement(new CellFormula(formula));
        writer.WriteElement(new CellValue(value));
        writer.WriteEndElement();
    }

    private OpenXmlAttribute Place(int column) => new("r", "", string.Create(CultureInfo.InvariantCulture, $"{_names[column]}{_row}"));

    private static OpenXmlAttribute Style(uint style) => new("s", "", style.ToString(CultureInfo.InvariantCulture));
}
