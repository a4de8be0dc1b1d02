using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>
/// Makes an edition of a date's files once all its merchants are settled. Each step leaves something that the next run finds: each merchant's files, the edition's number, each
/// file; so a run that is killed, or that has taken long enough, is simply run again.
/// </summary>
internal sealed class DayExport(
    ClosedDays closed, ContentReader contents, EditionReader reader, EditionStore editions, MerchantExport merchantExport, DayFiles dayFiles, SettlementQueue queue,
    Deliveries deliveries, TimeProvider clock, ILogger<DayExport> logger) : IDayExport
{
    /// <summary>So many merchants may be at fault. More are not: then it is something of all, and the run fails and comes again.</summary>
    internal const int MostUnmade = 20;

    /// <summary>Well within the time that the host gives an invocation and the queue a message, with what is read before and written after.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public async Task RunAsync(DateOnly day, CancellationToken cancellationToken)
    {
        if (await contents.ReadAsync(day, await closed.ReadAsync(cancellationToken), cancellationToken) is not { } content)
            return;
        if (await editions.CompleteAsync(day, cancellationToken) is { } there && there.Digest == content.Digest())
            ExportLog.NothingNew(logger, there.Number, day);
        else if (await MakeAsync(content, cancellationToken) is { } made)
            there = made;
        else
            return;
        await deliveries.StartAsync(day, there.Number, cancellationToken);
    }

    private async Task<EditionRow?> MakeAsync(EditionContent content, CancellationToken cancellationToken)
    {
        if (await reader.ReadAsync(content, cancellationToken) is not { } read || await MerchantFilesAsync(content.Day, read.Statements, cancellationToken) is not { } merchants)
            return null;
        content = content with { Unmade = merchants.Unmade };
        var edition = await TakeNumberAsync(content, cancellationToken);
        if (edition.CompleteAt is not null)
            return edition;
        var shown = read with { Statements = [.. read.Statements.Where(exported => !merchants.Unmade.Contains(exported.Statement.Merchant))] };
        edition = edition with
        {
            State = content.State,
            Totals = shown.Statements.Aggregate(EditionTotals.None, (totals, exported) => totals.With(exported.Statement)),
        };
        var files = await dayFiles.MakeAsync(edition, content, shown, merchants.Files, cancellationToken);
        if (!await editions.TryCompleteAsync(edition with { Files = files, CompleteAt = clock.GetUtcNow() }, cancellationToken))
            throw new InvalidOperationException($"Edition {edition.Number} of {edition.Day:yyyy-MM-dd} was completed by somebody else: look again.");
        ExportLog.Made(logger, edition.Number, edition.Day, shown.Statements.Count, files.Count + merchants.Files.Count, content.State);
        return edition;
    }

    /// <summary>The edition of a content: the one that there is, or a new number.</summary>
    private async Task<EditionRow> TakeNumberAsync(EditionContent content, CancellationToken cancellationToken)
    {
        var (digest, there) = (content.Digest(), await editions.ListAsync(content.Day, cancellationToken));
        if (there.LastOrDefault(row => row.CompleteAt is not null) is { } complete && complete.Digest == digest)
            return complete;
        if (there is [.., var last] && last.Digest == digest)
            return last;
        var number = there is [.., var before] ? before.Number + 1 : 1;
        return await editions.TryAddAsync(new(content.Day, number, digest), cancellationToken)
            ?? throw new InvalidOperationException($"Edition {number} of {content.Day:yyyy-MM-dd} was begun by somebody else: look again.");
    }

    /// <summary>The files of each merchant; null when some are still to be made: in a later run, or once the merchant is settled again.</summary>
    private async Task<MerchantsFiles?> MerchantFilesAsync(DateOnly day, IReadOnlyList<ExportedStatement> statements, CancellationToken cancellationToken)
    {
        var known = await editions.ListFilesAsync(day, cancellationToken).ToDictionaryAsync(row => (row.Merchant, row.Revision), cancellationToken: cancellationToken);
        // What was read until here is read by each run, and must not eat the time of the merchants.
        var until = clock.GetUtcNow() + LongEnough;
        var (files, failures, unmade, made, settledAgain) = (new List<StoredFile>(), new List<Exception>(), new HashSet<MerchantId>(), 0, 0);
        foreach (var exported in statements)
        {
            var merchant = exported.Statement.Merchant;
            if (!known.TryGetValue((merchant, exported.Revision), out var row))
            {
                if (IsOver())
                    return await LaterAsync();
                try
                {
                    row = await merchantExport.MakeAsync(exported, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    ExportLog.Unmade(logger, e, day, merchant.Value, exported.Revision);
                    unmade.Add(merchant);
                    failures.Add(e);
                    if (failures.Count > MostUnmade)
                        throw new AggregateException($"The files of {failures.Count} merchants on {day:yyyy-MM-dd} could not be made.", failures);
                    continue;
                }

                (made, settledAgain) = row is null ? (made, settledAgain + 1) : (made + 1, settledAgain);
            }

            files.AddRange(row?.Files ?? []);
        }

        if (settledAgain > 0)
        {
            ExportLog.NotYet(logger, day, "merchants are settled again");
            return null;
        }

        return IsOver() ? await LaterAsync() : new(files, unmade);

        // A run that made nothing goes on to its end: otherwise those who cannot be helped would keep the files from ever being there.
        bool IsOver() => made > 0 && clock.GetUtcNow() >= until;

        async Task<MerchantsFiles?> LaterAsync()
        {
            ExportLog.GoesOn(logger, day, made);
            await queue.ExportAsync(day, cancellationToken);
            return null;
        }
    }

    private sealed record MerchantsFiles(IReadOnlyList<StoredFile> Files, IReadOnlySet<MerchantId> Unmade);
}
