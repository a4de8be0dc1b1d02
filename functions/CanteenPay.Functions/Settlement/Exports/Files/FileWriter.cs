using CanteenPay.Functions.Settlement.Exports.Sheets;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>Writes files and puts them where they lie for good.</summary>
internal sealed class FileWriter(IExportFiles files)
{
    /// <summary>Writes a sheet in the format that its name says, has it looked at, and puts it.</summary>
    /// <param name="name">Its name, of CSV or XLSX.</param>
    /// <param name="sheet">The sheet, whose rows are read for it.</param>
    /// <param name="accept">Looks at what was written before it is put; false throws it away.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What lies there; null when it was not accepted.</returns>
    public async Task<StoredFile?> PutSheetAsync(ExportName name, Sheet sheet, Func<SheetSums, bool>? accept, CancellationToken cancellationToken)
    {
        SheetSums? sums = null;
        await using var draft = await DraftFile.WriteAsync(
            async output => sums = name.Format == FileFormat.Csv
                ? await CsvSheet.WriteAsync(sheet, output, cancellationToken)
                : await XlsxSheet.WriteAsync(sheet, output, cancellationToken),
            cancellationToken);
        return accept is null || accept(sums!) ? await files.PutAsync(name, draft, cancellationToken) : null;
    }

    /// <summary>Writes whatever else, and puts it.</summary>
    public async Task<StoredFile> PutAsync(ExportName name, Func<Stream, Task> writeAsync, CancellationToken cancellationToken)
    {
        await using var draft = await DraftFile.WriteAsync(writeAsync, cancellationToken);
        return await files.PutAsync(name, draft, cancellationToken);
    }
}
