using System.Globalization;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>A sheet as a workbook, in the same memory whether it has a hundred rows or a million.</summary>
internal static class XlsxSheet
{
    /// <summary>Rows that a worksheet holds between its heading and its totals: 1,048,576 less these two.</summary>
    public const int MostRows = 1_048_574;

    /// <summary>Writes a sheet; the stream stays open. More rows than a worksheet holds go on in a next one, whose totals go on too: those of the last one are of all rows.</summary>
    /// <returns>What was written comes to.</returns>
    public static async Task<SheetSums> WriteAsync(Sheet sheet, Stream output, CancellationToken cancellationToken, int mostRows = MostRows)
    {
        var sums = new SheetSums(sheet.Columns);
        await using var package = new XlsxPackage(output);
        await using var rows = sheet.Rows.GetAsyncEnumerator(cancellationToken);
        string? before = null;
        var number = 1;
        var isMore = await rows.MoveNextAsync();
        do
        {
            var name = number == 1 ? sheet.Title : string.Create(CultureInfo.InvariantCulture, $"{sheet.Title} {number}");
            using var page = new XlsxPage(package.OpenPage(name), sheet.Columns);
            page.Begin();
            for (var written = 0; isMore && written < mostRows; written++)
            {
                sums.Add(rows.Current);
                page.Write(rows.Current);
                isMore = await rows.MoveNextAsync();
            }

            before = string.Create(CultureInfo.InvariantCulture, $"'{name}'!{{0}}{page.End(sums, before)}");
            number++;
        }
        while (isMore);
        await package.FinishAsync();
        return sums;
    }
}
