using DocumentFormat.OpenXml.Spreadsheet;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>The styles of a workbook: a heading, and each kind of cell in the rows and in the totals.</summary>
internal static class XlsxStyles
{
    /// <summary>The style of headings.</summary>
    public const uint Heading = 1;

    private const uint FirstOfRows = 2, DateFormat = 164, TimeFormat = 165;

    /// <summary>Formats 0, 3, 4, 10 and 49 are every program's own (ECMA-376, 18.8.30).</summary>
    private static readonly (ColumnKind Kind, uint Format)[] Formats =
    [
        (ColumnKind.Text, 49), (ColumnKind.Money, 4), (ColumnKind.Integer, 3), (ColumnKind.Date, DateFormat), (ColumnKind.Time, TimeFormat), (ColumnKind.Percent, 10),
    ];

    /// <summary>The style of a cell.</summary>
    public static uint Of(ColumnKind kind, bool isTotal) => FirstOfRows + (uint)kind * 2 + (isTotal ? 1u : 0);

    /// <summary>The part that says what the styles are.</summary>
    public static Stylesheet Make() => new(
        new NumberingFormats(
            new NumberingFormat { NumberFormatId = DateFormat, FormatCode = "yyyy-mm-dd" },
            new NumberingFormat { NumberFormatId = TimeFormat, FormatCode = "yyyy-mm-dd hh:mm:ss" })
        { Count = 2 },
        new Fonts(Font(isBold: false), Font(isBold: true)) { Count = 2 },
        new Fills(
            new Fill(new PatternFill { PatternType = PatternValues.None }),
            new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
            new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE8EEF5" }) { PatternType = PatternValues.Solid }))
        { Count = 3 },
        new Borders(
            new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()),
            new Border(new LeftBorder(), new RightBorder(), new TopBorder { Style = BorderStyleValues.Thin }, new BottomBorder(), new DiagonalBorder()))
        { Count = 2 },
        new CellStyleFormats(new CellFormat()) { Count = 1 },
        Cells());

    private static CellFormats Cells()
    {
        var cells = new CellFormats(
            new CellFormat { FormatId = 0 },
            new CellFormat(new Alignment { WrapText = true, Vertical = VerticalAlignmentValues.Center })
            {
                FormatId = 0,
                FontId = 1,
                FillId = 2,
                ApplyFont = true,
                ApplyFill = true,
                ApplyAlignment = true,
            });
        foreach (var (_, format) in Formats)
        {
            cells.Append(new CellFormat { FormatId = 0, NumberFormatId = format, ApplyNumberFormat = true });
            cells.Append(new CellFormat { FormatId = 0, NumberFormatId = format, FontId = 1, BorderId = 1, ApplyNumberFormat = true, ApplyFont = true, ApplyBorder = true });
        }

        cells.Count = (uint)cells.ChildElements.Count;
        return cells;
    }

    private static Font Font(bool isBold)
    {
        var font = new Font();
        if (isBold)
            font.Append(new Bold());
        font.Append(new FontSize { Val = 11 }, new FontName { Val = "等线" });
        return font;
    }
}
