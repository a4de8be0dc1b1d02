using CsvHelper;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>
/// A sheet as CSV: UTF-8 with a byte order mark (without one, spreadsheet programs of Chinese Windows read GBK), RFC 4180, one row of headings and the rows, no totals, so that
/// a program can read it without knowing where the rows end.
/// </summary>
internal static class CsvSheet
{
    /// <summary>The library's own guard against formulas is off: ours (<see cref="CellText"/>) knows full-width signs too.</summary>
    private static readonly CsvWriterOptions Options = new() { WriteByteOrderMark = true, Quoting = CsvQuoting.WhenNeededOrWhitespace };

    /// <summary>Writes a sheet; the stream stays open.</summary>
    /// <returns>What was written comes to.</returns>
    public static async Task<SheetSums> WriteAsync(Sheet sheet, Stream output, CancellationToken cancellationToken)
    {
        var sums = new SheetSums(sheet.Columns);
        await using var csv = CsvWriter.Create(output, Options, leaveOpen: true);
        foreach (var column in sheet.Columns)
            csv.WriteField(column.Heading);
        await csv.EndRecordAsync(cancellationToken);
        await foreach (var row in sheet.Rows.WithCancellation(cancellationToken))
        {
            sums.Add(row);
            // Field by field: the library's records are made for types, and these columns are said by values.
            for (var column = 0; column < row.Count; column++)
                csv.WriteField(CellText.Of(row[column]));
            await csv.EndRecordAsync(cancellationToken);
        }

        return sums;
    }
}
