using System.Runtime.CompilerServices;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Views;

/// <summary>Reads dates for those who ask, each what they may see.</summary>
internal sealed class DayReader(DayIndex index, ClosedDays closed, ClosingDesk closing, StatementStore statements, MerchantRegistry merchants)
{
    /// <summary>Most lines of an answer.</summary>
    public const int MostLines = 500;

    /// <summary>A date; null for one without business. Whether there are more lines than shown.</summary>
    public async Task<(DayView View, bool IsCut)?> ReadAsync(DateOnly day, MerchantId? after, Caller caller, CancellationToken cancellationToken)
    {
        if (await index.FindDayAsync(day, cancellationToken) is null)
            return null;
        var viewer = new StatementViewer(caller);
        var through = await closed.ReadAsync(cancellationToken);
        var (totals, all) = (viewer.SeesAll ? StatementFigures.Zero : StatementFigures.None, new List<StatementLine>());
        await foreach (var row in StatementsAsync(day, viewer, cancellationToken))
        {
            if (viewer.Figures(row.Statement) is not { } figures)
                continue;
            totals = totals.Plus(figures);
            if (all.Count <= MostLines && IsAfter(row.Statement.Merchant, after))
                all.Add(new(row.Statement.Merchant, null, row.Revision, figures));
        }

        var (lines, cards, isCut) = Page(
            all, await CardsAsync(day, viewer, cancellationToken).Where(row => viewer.IsMerchant(row.Merchant) && IsAfter(row.Merchant, after)).Take(MostLines + 1).ToListAsync(cancellationToken));
        var who = await closing.FindAsync(day, through, cancellationToken);
        var view = new DayView(day, DayState.Of(day, through), totals, await NamedAsync(lines, viewer, cancellationToken), cards)
        {
            Progress = viewer.SeesAll ? await ProgressAsync(day, through.IsFinal(day), cancellationToken) : null,
            ClosedAt = who is null ? null : BusinessDay.Local(who.At),
            ClosedBy = viewer.SeesAll ? who?.By.Name : null,
        };
        return (view, isCut);
    }

    /// <summary>A merchant's date; null when there is nothing that the caller may see.</summary>
    public async Task<MerchantDayView?> ReadAsync(DateOnly day, MerchantId merchant, Caller caller, CancellationToken cancellationToken)
    {
        var viewer = new StatementViewer(caller);
        var sheet = await statements.ReadAsync(merchant, day, cancellationToken);
        var figures = sheet.Latest is { } latest ? viewer.Figures(latest.Statement) : null;
        var cards = viewer.IsMerchant(merchant) ? sheet.LatestCards?.Totals : null;
        if (figures is null && cards is null)
            return null;
        return new(merchant, day, DayState.Of(day, await closed.ReadAsync(cancellationToken)))
        {
            Revision = sheet.Latest?.Revision,
            Figures = figures,
            Terms = viewer.SeesAll ? sheet.Latest?.Statement.Terms : null,
            PostingsDigest = viewer.IsMerchant(merchant) ? sheet.Latest?.Statement.PostingsDigest : null,
            Revisions =
            [
                .. sheet.Revisions.Where(row => viewer.Figures(row.Statement) is not null)
                    .Select(row => new RevisionView(row.Revision, BusinessDay.Local(row.MadeAt), row.Reason.ToString(), viewer.Changes(row), row.IsFinal)),
            ],
            Cards = cards,
        };
    }

    private async Task<IReadOnlyList<StatementLine>> NamedAsync(List<StatementLine> lines, StatementViewer viewer, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
            return lines;
        if (viewer.SeesAll)
        {
            var names = await merchants.ListAsync(cancellationToken).ToDictionaryAsync(profile => profile.Id, profile => profile.Name, cancellationToken: cancellationToken);
            return [.. lines.Select(line => line with { Name = names.GetValueOrDefault(line.MerchantId) })];
        }

        var named = new List<StatementLine>();
        foreach (var line in lines)
            named.Add(line with { Name = (await merchants.FindAsync(line.MerchantId, cancellationToken))?.Name });
        return named;
    }

    private IAsyncEnumerable<StatementRow> StatementsAsync(DateOnly day, StatementViewer viewer, CancellationToken cancellationToken) => viewer.OnlyMerchants is { } own
        ? SheetsAsync(day, own, cancellationToken).Where(sheet => sheet.Latest is not null).Select(sheet => sheet.Latest!)
        : statements.LatestAsync(day, cancellationToken);

    private IAsyncEnumerable<CardTotals> CardsAsync(DateOnly day, StatementViewer viewer, CancellationToken cancellationToken) => (viewer.OnlyMerchants is { } own
        ? SheetsAsync(day, own, cancellationToken).Where(sheet => sheet.LatestCards is not null).Select(sheet => sheet.LatestCards!)
        : statements.LatestCardsAsync(day, cancellationToken)).Select(row => row.Totals);

    private async IAsyncEnumerable<MerchantSheet> SheetsAsync(DateOnly day, IReadOnlyList<MerchantId> own, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var merchant in own)
            yield return await statements.ReadAsync(merchant, day, cancellationToken);
    }

    /// <summary>Both lists to the same merchant, so that who goes on after it leaves nothing out.</summary>
    private static (List<StatementLine> Lines, List<CardTotals> Cards, bool IsCut) Page(List<StatementLine> lines, List<CardTotals> cards)
    {
        if (lines.Count <= MostLines && cards.Count <= MostLines)
            return (lines, cards, false);
        var ends = new List<MerchantId>();
        if (lines.Count > MostLines)
            ends.Add(lines[MostLines - 1].MerchantId);
        if (cards.Count > MostLines)
            ends.Add(cards[MostLines - 1].Merchant);
        var end = ends.MinBy(merchant => merchant.Value, StringComparer.Ordinal);
        return ([.. lines.TakeWhile(line => !IsAfter(line.MerchantId, end))], [.. cards.TakeWhile(card => !IsAfter(card.Merchant, end))], true);
    }

    private static bool IsAfter(MerchantId merchant, MerchantId? last) => last is null || string.CompareOrdinal(merchant.Value, last.Value.Value) > 0;

    private async Task<DayProgress> ProgressAsync(DateOnly day, bool isFinal, CancellationToken cancellationToken)
    {
        var (made, all, due, count, failed) = (0, 0, 0, 0, new List<FailedMerchant>());
        // What was noted after a date was closed for good has no statement there.
        await foreach (var row in index.ListAsync(day, cancellationToken).Where(row => !isFinal || row.Revision > 0))
        {
            // Without a statement and with nothing to be done: card money only, or nothing.
            all += row.IsDue || row.Revision > 0 ? 1 : 0;
            made += !row.IsDue && row.Revision > 0 ? 1 : 0;
            due += row.IsDue ? 1 : 0;
            count += row.Failure is null ? 0 : 1;
            if (row.Failure is { } why && failed.Count < MostLines)
                failed.Add(new(row.Merchant, why, row.FailedAt is { } at ? BusinessDay.Local(at) : null, row.Tries));
        }

        return new(made, all, due, count, failed);
    }
}
