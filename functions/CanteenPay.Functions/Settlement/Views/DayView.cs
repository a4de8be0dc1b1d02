using CanteenPay.Functions.Settlement.Cards;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Views;

/// <summary>A settlement date as it is shown.</summary>
/// <param name="Day">The date.</param>
/// <param name="State">See <see cref="DayState"/>.</param>
/// <param name="Totals">Of all statements that the caller sees.</param>
/// <param name="Lines">The statements, in the order of the merchants; at most 500.</param>
/// <param name="Cards">Card money, beside the statements, in the same order; at most 500. Where there are more of either, both end with the same merchant.</param>
internal sealed record DayView(DateOnly Day, string State, StatementFigures Totals, IReadOnlyList<StatementLine> Lines, IReadOnlyList<CardTotals> Cards)
{
    /// <summary>How far it is; for those who see everything.</summary>
    public DayProgress? Progress { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>By whom; for those who see everything.</summary>
    public string? ClosedBy { get; init; }
}

/// <summary>A merchant's statement in a list.</summary>
internal sealed record StatementLine(MerchantId MerchantId, string? Name, int Revision, StatementFigures Figures);

/// <summary>How far a date is.</summary>
/// <param name="Statements">Merchants whose statement is up to date.</param>
/// <param name="Merchants">Merchants that have or will have one.</param>
/// <param name="Due">Merchants that are still to be settled, those with cards only included.</param>
/// <param name="FailedCount">Those of them that could not be.</param>
/// <param name="Failed">The first 500 of these.</param>
internal sealed record DayProgress(int Statements, int Merchants, int Due, int FailedCount, IReadOnlyList<FailedMerchant> Failed);

/// <summary>A merchant that could not be settled.</summary>
internal sealed record FailedMerchant(MerchantId MerchantId, string Reason, DateTimeOffset? At, int Tries);

/// <summary>A date in a list, and what came of asking for something to be done about it.</summary>
/// <param name="Day">The date.</param>
/// <param name="State">See <see cref="DayState"/>.</param>
internal sealed record DaySummary(DateOnly Day, string State)
{
    /// <summary>Whether the night has sent all its merchants to be settled.</summary>
    public bool? IsComplete { get; init; }

    /// <summary>How many merchants were sent to be settled.</summary>
    public int? Merchants { get; init; }
}

/// <summary>A merchant's date as it is shown.</summary>
/// <param name="MerchantId">Whose.</param>
/// <param name="Day">The date.</param>
/// <param name="State">Of the date, see <see cref="DayState"/>.</param>
internal sealed record MerchantDayView(MerchantId MerchantId, DateOnly Day, string State)
{
    /// <summary>The latest revision's number; null for a merchant that had card money only.</summary>
    public int? Revision { get; init; }

    /// <summary>What it says.</summary>
    public StatementFigures? Figures { get; init; }

    /// <summary>Under which terms; for those who see everything.</summary>
    public IReadOnlyList<TermsLine>? Terms { get; init; }

    /// <summary>SHA-256 of the postings.</summary>
    public string? PostingsDigest { get; init; }

    /// <summary>All revisions, the first one first.</summary>
    public IReadOnlyList<RevisionView> Revisions { get; init; } = [];

    /// <summary>Card money; not for distributors.</summary>
    public CardTotals? Cards { get; init; }
}

/// <summary>A revision as it is shown.</summary>
internal sealed record RevisionView(int Revision, DateTimeOffset MadeAt, string Reason, IReadOnlyList<FieldChange> Changes, bool IsFinal);
