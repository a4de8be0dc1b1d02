using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Rules;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>All that is kept of a merchant's day, as it was read at once.</summary>
/// <param name="Revisions">The statement's revisions in their order.</param>
/// <param name="CardTotals">The card totals' revisions in their order.</param>
/// <param name="Final">With what the day was closed; null while it was not.</param>
internal sealed record MerchantSheet(IReadOnlyList<StatementRow> Revisions, IReadOnlyList<CardTotalsRow> CardTotals, FinalMarker? Final)
{
    /// <summary>The statement that counts; null while there is none.</summary>
    public StatementRow? Latest => Revisions.Count > 0 ? Revisions[^1] : null;

    /// <summary>The card totals that count, of a closed day those with which it was closed; null while there are none.</summary>
    public CardTotalsRow? LatestCards => Final is { } final ? CardTotals.FirstOrDefault(row => row.Revision == final.CardRevision) : CardTotals.Count > 0 ? CardTotals[^1] : null;

    /// <summary>What the revision before one said; null for the first.</summary>
    public Statement? Before(StatementRow revision) => revision.Revision > 1 ? Revisions[revision.Revision - 2].Statement : null;
}
