using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>What the files of an edition show.</summary>
/// <param name="Statements">The statements, in the order of the merchants.</param>
/// <param name="Cards">The card totals, in the same order.</param>
internal sealed record ReadEdition(IReadOnlyList<ExportedStatement> Statements, IReadOnlyList<ExportedCards> Cards);

/// <summary>Reads what a content names, once for all files: in a few queries, since a day has thousands of merchants.</summary>
internal sealed class EditionReader(StatementStore statements, MerchantRegistry merchants, ILogger<EditionReader> logger)
{
    /// <summary>Reads it; null, and the log says of whom, when something is of another revision by now: an export of its own comes for that.</summary>
    public async Task<ReadEdition?> ReadAsync(EditionContent content, CancellationToken cancellationToken)
    {
        var names = await merchants.ListAsync(cancellationToken).ToDictionaryAsync(profile => profile.Id, profile => profile.Name, cancellationToken: cancellationToken);
        return await StatementsAsync(content, names, cancellationToken) is { } found && await CardsAsync(content, names, cancellationToken) is { } cards ? new(found, cards) : null;
    }

    private async Task<List<ExportedStatement>?> StatementsAsync(EditionContent content, Dictionary<MerchantId, string> names, CancellationToken cancellationToken)
    {
        var revisions = content.Merchants.Where(row => !row.IsDue && row.Revision > 0).ToDictionary(row => row.Merchant, row => row.Revision);
        var missing = content.Missing.ToHashSet();
        var found = new List<ExportedStatement>(revisions.Count);
        await foreach (var row in statements.LatestAsync(content.Day, cancellationToken))
        {
            var merchant = row.Statement.Merchant;
            // An old statement of somebody who cannot be settled now would be a number that nobody stands by.
            if (missing.Contains(merchant))
                continue;
            if (!revisions.Remove(merchant, out var revision) || revision != row.Revision)
            {
                ExportLog.Overtaken(logger, content.Day, merchant.Value, "statement", row.Revision);
                return null;
            }

            found.Add(new(row.Statement, row.Revision, names.GetValueOrDefault(merchant, "")));
        }

        if (revisions.Count == 0)
            return found;
        var (without, expected) = revisions.First();
        ExportLog.Overtaken(logger, content.Day, without.Value, "statement, which is not there,", expected);
        return null;
    }

    private async Task<List<ExportedCards>?> CardsAsync(EditionContent content, Dictionary<MerchantId, string> names, CancellationToken cancellationToken)
    {
        var revisions = content.Merchants.ToDictionary(row => row.Merchant, row => row.CardRevision);
        var found = new List<ExportedCards>();
        await foreach (var row in statements.LatestCardsAsync(content.Day, cancellationToken))
        {
            var merchant = row.Totals.Merchant;
            if (revisions.GetValueOrDefault(merchant) != row.Revision)
            {
                ExportLog.Overtaken(logger, content.Day, merchant.Value, "card totals", row.Revision);
                return null;
            }

            found.Add(new(row.Totals, row.Revision, names.GetValueOrDefault(merchant, "")));
        }

        return found;
    }
}
