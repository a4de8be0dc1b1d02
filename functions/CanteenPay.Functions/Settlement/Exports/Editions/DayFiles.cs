using System.Text.Json;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Exports.Sheets;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>Makes the files of a whole day, which bear the number of the edition.</summary>
internal sealed class DayFiles(FileWriter writer, DistributorStore distributors)
{
    /// <summary>Makes them, the index last.</summary>
    /// <param name="edition">The edition, with its totals.</param>
    /// <param name="content">Of what it is made.</param>
    /// <param name="shown">What it shows.</param>
    /// <param name="merchantFiles">The files of its merchants, which the index names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<List<StoredFile>> MakeAsync(
        EditionRow edition, EditionContent content, ReadEdition shown, IReadOnlyList<StoredFile> merchantFiles, CancellationToken cancellationToken)
    {
        var names = await distributors.ListAsync(cancellationToken).ToDictionaryAsync(row => row.Id, row => row.Name, cancellationToken: cancellationToken);
        var shares = shown.Statements
            .SelectMany(exported => exported.Statement.DistributorParts.Select(part => ExportedShare.Make(exported, part, names.GetValueOrDefault(part.Distributor, "")))).ToList();
        var files = new List<StoredFile>();
        await PutAsync(ExportKind.Settlement, null, () => DaySheets.Settlement(shown.Statements.ToAsyncEnumerable()));
        await PutAsync(ExportKind.Shares, null, () => DaySheets.Shares(shares.ToAsyncEnumerable()));
        await PutAsync(ExportKind.Cards, null, () => CardSheet.Make(shown.Cards.ToAsyncEnumerable()));
        foreach (var own in shares.GroupBy(share => share.Part.Distributor).OrderBy(own => own.Key.Value, StringComparer.Ordinal))
            await PutAsync(ExportKind.Shares, own.Key, () => DaySheets.Shares(own.ToAsyncEnumerable()));
        files.Add(await IndexAsync(edition, content, [.. files, .. merchantFiles], cancellationToken));
        return files;

        async Task PutAsync(ExportKind kind, DistributorId? distributor, Func<Sheet> sheet)
        {
            foreach (var format in (FileFormat[])[FileFormat.Csv, FileFormat.Xlsx])
            {
                var name = new ExportName(kind, edition.Day, edition.Number, format) { Distributor = distributor };
                files.Add((await writer.PutSheetAsync(name, sheet(), accept: null, cancellationToken))!);
            }
        }
    }

    private Task<StoredFile> IndexAsync(EditionRow edition, EditionContent content, List<StoredFile> files, CancellationToken cancellationToken)
    {
        var said = new EditionIndex(edition.Day, edition.Number, content.State, edition.Totals, content.Missing, files);
        return writer.PutAsync(
            new(ExportKind.Index, edition.Day, edition.Number, FileFormat.Json), output => JsonSerializer.SerializeAsync(output, said, ExportsJson.Default.EditionIndex, cancellationToken),
            cancellationToken);
    }
}
