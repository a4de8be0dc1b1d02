using System.Globalization;
using System.Text.RegularExpressions;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using CsvHelper;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Sheet = CanteenPay.Functions.Settlement.Exports.Sheets.Sheet;
using XmlCell = DocumentFormat.OpenXml.Spreadsheet.Cell;

namespace CanteenPay.Functions.Tests.Settlement.Exports;

/// <summary>Files opened by readers that are not ours.</summary>
internal static partial class Opened
{
    public static async Task<byte[]> CsvAsync(Sheet sheet)
    {
        using var output = new MemoryStream();
        await CsvSheet.WriteAsync(sheet, output, CancellationToken.None);
        return output.ToArray();
    }

    public static async Task<byte[]> XlsxAsync(Sheet sheet, int mostRows = XlsxSheet.MostRows)
    {
        using var output = new MemoryStream();
        await XlsxSheet.WriteAsync(sheet, output, CancellationToken.None, mostRows);
        return output.ToArray();
    }

    /// <summary>The records of a CSV file, headings first.</summary>
    public static List<string[]> Csv(byte[] bytes)
    {
        var records = new List<string[]>();
        using var csv = CsvReader.Create(bytes, new CsvReaderOptions { HasHeader = false, Separator = ',' });
        while (csv.Read())
            records.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
        return records;
    }

    /// <summary>The cells of a workbook's pages by their places, as text; fails where the workbook is not valid.</summary>
    public static List<(string Name, Dictionary<string, OpenedCell> Cells)> Xlsx(byte[] bytes)
    {
        using var workbook = SpreadsheetDocument.Open(new MemoryStream(bytes), isEditable: false);
        new OpenXmlValidator(FileFormatVersions.Office2013).Validate(workbook).Select(error => $"{error.Path?.XPath}: {error.Description}").ShouldBeEmpty();
        var main = workbook.WorkbookPart!;
        return
        [
            .. main.Workbook.Descendants<DocumentFormat.OpenXml.Spreadsheet.Sheet>().Select(sheet =>
            {
                var page = ((WorksheetPart)main.GetPartById(sheet.Id!.Value!)).Worksheet;
                page.Descendants<Pane>().Single().State!.Value.ShouldBe(PaneStateValues.Frozen);
                return (sheet.Name!.Value!, page.Descendants<XmlCell>().ToDictionary(cell => cell.CellReference!.Value!, cell =>
                    new OpenedCell(cell.InlineString?.Text?.Text ?? cell.CellValue?.Text ?? "", cell.CellFormula?.Text, cell.DataType?.Value == CellValues.InlineString)));
            }),
        ];
    }

    /// <summary>What a formula of ours comes to, reckoned from the cells it names.</summary>
    public static decimal Reckoned(List<(string Name, Dictionary<string, OpenedCell> Cells)> pages, Dictionary<string, OpenedCell> page, string formula)
    {
        var match = SumFormula().Match(formula);
        match.Success.ShouldBeTrue(formula);
        var (column, from, to) = (match.Groups["column"].Value, int.Parse(match.Groups["from"].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups["to"].Value, CultureInfo.InvariantCulture));
        var sum = Enumerable.Range(from, to - from + 1).Sum(row => page.TryGetValue($"{column}{row}", out var cell) ? cell.Number : 0);
        if (match.Groups["page"].Success)
        {
            var before = pages.Single(each => each.Name == match.Groups["page"].Value).Cells;
            sum += Reckoned(pages, before, before[match.Groups["cell"].Value].Formula!);
        }

        return sum;
    }

    [GeneratedRegex(@"\A(ROUND\()?SUM\((?<column>[A-Z]+)(?<from>\d+):[A-Z]+(?<to>\d+)\)(\+'(?<page>[^']+)'!(?<cell>[A-Z]+\d+))?(,2\))?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SumFormula();
}

/// <summary>A cell as a reader finds it.</summary>
internal sealed record OpenedCell(string Text, string? Formula, bool IsText)
{
    public decimal Number => IsText ? throw new InvalidOperationException($"'{Text}' is text.") : decimal.Parse(Text, CultureInfo.InvariantCulture);
}
