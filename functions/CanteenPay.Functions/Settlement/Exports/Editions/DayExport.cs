using System.Text.Json;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Exports.Sheets;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>
/// Makes an edition of a date's files once all its merchants are settled. Each step leaves something that the next run finds: the edition's number, each merchant's files, each
/// file; so a run that is killed, or that has taken long enough, is simply run again.
/// </summary>
internal sealed class DayExport(
    DayIndex index, ClosedDays closed, StatementStore statements, MerchantRegistry merchants, DistributorStore distributors, EditionStore editions, MerchantExport merchantExport,
    FileWriter writer, SettlementQueue queue, Deliveries deliveries, PaymentSettings settings, TimeProvider clock, ILogger<DayExport> logger) : IDayExport
{
    /// <summary>Well within the time that the host gives an invocation and the queue a message.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public async Task RunAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        // While a day goes on, its statements are behind its postings by the time they are written down.
        if (began < DayHours.CompleteFrom(day, settings.SettlementCutOff))
            return;
        var isClosed = (await closed.ReadAsync(cancellationToken)).IsFinal(day);
        var content = new EditionContent(day, isClosed, await index.ListAsync(day, cancellationToken).ToListAsync(cancellationToken));
        var waiting = content.Merchants.Count(row => row is { IsDue: true, Failure: null });
        if (waiting > 0)
            ExportLog.Waits(logger, day, waiting);
        else if (content.Merchants.Count > 0 && await TakeNumberAsync(content, cancellationToken) is { } edition)
            await MakeAsync(edition, content, began + LongEnough, cancellationToken);
    }

    private async Task MakeAsync(EditionRow edition, EditionContent content, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (edition.CompleteAt is null)
        {
            if (await StatementsAsync(content, cancellationToken) is not { } day || await CardsAsync(content, cancellationToken) is not { } cards)
                return;
            if (await MerchantFilesAsync(day, until, cancellationToken) is not { } merchantFiles)
                return;
            edition = edition with
            {
                State = content.State,
                Totals = day.Aggregate(EditionTotals.None, (totals, exported) => totals.With(exported.Statement)),
            };
            var files = await DayFilesAsync(edition, day, cards, cancellationToken);
            files.Add(await IndexAsync(edition, content, [.. files, .. merchantFiles], cancellationToken));
            if (!await editions.TryCompleteAsync(edition with { Files = files, CompleteAt = clock.GetUtcNow() }, cancellationToken))
                throw new InvalidOperationException($"Edition {edition.Number} of {edition.Day:yyyy-MM-dd} was completed by somebody else: look again.");
            ExportLog.Made(logger, edition.Number, edition.Day, day.Count, files.Count + merchantFiles.Count, content.State);
        }

        await deliveries.StartAsync(edition.Day, edition.Number, cancellationToken);
    }

    /// <summary>The edition of a content: the one that there is, or a new number.</summary>
    private async Task<EditionRow> TakeNumberAsync(EditionContent content, CancellationToken cancellationToken)
    {
        var (digest, there) = (content.Digest(), await editions.ListAsync(content.Day, cancellationToken));
        if (there is [.., var last] && last.Digest == digest)
            return last;
        var number = there is [.., var before] ? before.Number + 1 : 1;
        return await editions.TryAddAsync(new(content.Day, number, digest), cancellationToken)
            ?? throw new InvalidOperationException($"Edition {number} of {content.Day:yyyy-MM-dd} was begun by somebody else: look again.");
    }

    /// <summary>The statements of the content, read once for all files; null when one of them is another by now, for which an export of its own comes.</summary>
    private async Task<List<ExportedStatement>?> StatementsAsync(EditionContent content, CancellationToken cancellationToken)
    {
        var revisions = content.Merchants.Where(row => !row.IsDue && row.Revision > 0).ToDictionary(row => row.Merchant, row => row.Revision);
        var missing = content.Missing.ToHashSet();
        var found = new List<ExportedStatement>(revisions.Count);
        await foreach (var row in statements.LatestAsync(content.Day, cancellationToken))
        {
            // An old statement of somebody who cannot be settled now would be a number that nobody stands by.
            if (missing.Contains(row.Statement.Merchant))
                continue;
            if (!revisions.Remove(row.Statement.Merchant, out var revision) || revision != row.Revision)
                return null;
            found.Add(new(row.Statement, row.Revision, await NameAsync(row.Statement.Merchant, cancellationToken)));
        }

        return revisions.Count == 0 ? found : null;
    }

    private async Task<List<ExportedCards>?> CardsAsync(EditionContent content, CancellationToken cancellationToken)
    {
        var revisions = content.Merchants.ToDictionary(row => row.Merchant, row => row.CardRevision);
        var found = new List<ExportedCards>();
        await foreach (var row in statements.LatestCardsAsync(content.Day, cancellationToken))
        {
            if (revisions.GetValueOrDefault(row.Totals.Merchant) != row.Revision)
                return null;
            found.Add(new(row.Totals, row.Revision, await NameAsync(row.Totals.Merchant, cancellationToken)));
        }

        return found;
    }

    /// <summary>The files of each merchant; null when some are still to be made: in a later run, or once the merchant is settled again.</summary>
    private async Task<List<StoredFile>?> MerchantFilesAsync(List<ExportedStatement> day, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var (files, left, apart) = (new List<StoredFile>(), 0, new OneByOne());
        foreach (var exported in day)
        {
            if (clock.GetUtcNow() >= until)
            {
                await queue.ExportAsync(exported.Statement.Day, cancellationToken);
                return null;
            }

            await apart.TryAsync(
                async () =>
                {
                    if (await merchantExport.MakeAsync(exported, cancellationToken) is { } made)
                        files.AddRange(made.Files);
                    else
                        left++;
                },
                cancellationToken);
        }

        apart.End("merchants' files could not be made");
        return left == 0 ? files : null;
    }

    private async Task<List<StoredFile>> DayFilesAsync(EditionRow edition, List<ExportedStatement> day, List<ExportedCards> cards, CancellationToken cancellationToken)
    {
        var shares = new List<ExportedShare>();
        foreach (var exported in day)
        {
            foreach (var part in exported.Statement.DistributorParts)
                shares.Add(new(exported, part, (await distributors.FindAsync(part.Distributor, cancellationToken))?.Name ?? ""));
        }

        var files = new List<StoredFile>();
        await PutAsync(ExportKind.Settlement, null, () => DaySheets.Settlement(day.ToAsyncEnumerable()));
        await PutAsync(ExportKind.Shares, null, () => DaySheets.Shares(shares.ToAsyncEnumerable()));
        await PutAsync(ExportKind.Cards, null, () => CardSheet.Make(cards.ToAsyncEnumerable()));
        foreach (var own in shares.GroupBy(share => share.Part.Distributor).OrderBy(own => own.Key.Value, StringComparer.Ordinal))
            await PutAsync(ExportKind.Shares, own.Key, () => DaySheets.Shares(own.ToAsyncEnumerable()));
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

    private async Task<string> NameAsync(MerchantId merchant, CancellationToken cancellationToken) => (await merchants.FindAsync(merchant, cancellationToken))?.Name ?? "";
}
