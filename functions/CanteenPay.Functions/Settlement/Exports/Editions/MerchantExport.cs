using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Functions.Settlement.Rules;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>Makes the files of one merchant's day. They hold the very postings that its statement was made of, or are not made.</summary>
internal sealed class MerchantExport(
    EditionStore editions, FileWriter writer, PostingStore postings, FinalMarkers markers, DayIndex index, SettlementQueue queue, ILogger<MerchantExport> logger)
{
    /// <summary>Makes them; those that are there already stay as they are.</summary>
    /// <returns>The files; null when the postings are not those of the statement any more, and the merchant was sent to be settled again.</returns>
    /// <exception cref="InvalidOperationException">The day is closed and its postings are not those of the statement.</exception>
    public async Task<MerchantFilesRow?> MakeAsync(ExportedStatement exported, CancellationToken cancellationToken)
    {
        var (merchant, day) = (exported.Statement.Merchant, exported.Statement.Day);
        var final = await markers.FindAsync(day, merchant, cancellationToken);
        var made = new List<StoredFile>();
        foreach (var format in (FileFormat[])[FileFormat.Csv, FileFormat.Xlsx])
        {
            if (await PutOrdersAsync(exported, format, final, cancellationToken) is not { } file)
            {
                if (final is not null)
                    throw new InvalidOperationException($"{day:yyyy-MM-dd} of merchant {merchant} is closed and holds other postings than its statement {exported.Revision}: look at both.");
                await index.MarkDueAsync(day, merchant, cancellationToken);
                await queue.SettleAsync(day, [merchant], $"export-{exported.Revision}", cancellationToken);
                return null;
            }

            made.Add(file);
        }

        made.Add(await writer.PutAsync(Name(exported, FileFormat.Html), output => MerchantPage.WriteAsync(exported, output, cancellationToken), cancellationToken));
        var row = new MerchantFilesRow(day, merchant, exported.Revision, made);
        await editions.AddFilesAsync(row, cancellationToken);
        return row;
    }

    private async Task<StoredFile?> PutOrdersAsync(ExportedStatement exported, FileFormat format, FinalMarker? final, CancellationToken cancellationToken)
    {
        var statement = exported.Statement;
        using var digest = new PostingDigest();
        var counted = postings.ReadAsync(statement.Merchant, statement.Day, cancellationToken).Where(posting => final?.Holds(posting) ?? true).Select(posting =>
        {
            digest.Add(posting);
            return posting;
        });
        return await writer.PutSheetAsync(
            Name(exported, format), OrdersSheet.Make(counted),
            sums =>
            {
                if (digest.Current() != statement.PostingsDigest)
                {
                    ExportLog.OtherPostings(logger, statement.Day, statement.Merchant.Value, exported.Revision);
                    return false;
                }

                // The same postings must come to the same amounts, whoever adds them up.
                return OrdersSheet.Difference(sums, statement) is not { } difference ? true
                    : throw new InvalidOperationException($"The file of merchant {statement.Merchant} on {statement.Day:yyyy-MM-dd} does not agree with its statement {exported.Revision}. {difference}");
            },
            cancellationToken);
    }

    private static ExportName Name(ExportedStatement exported, FileFormat format) =>
        new(ExportKind.Merchant, exported.Statement.Day, exported.Revision, format) { Merchant = exported.Statement.Merchant };
}
