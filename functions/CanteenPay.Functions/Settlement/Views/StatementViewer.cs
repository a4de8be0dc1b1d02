using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Views;

/// <summary>
/// What a caller may see of statements: operators and finance all; a merchant's people its own without the split of the fee; a distributor's people those of which it has a part, and of
/// these the part and what was paid under terms that gave it one. So a distributor that a merchant has left sees refunds of its time and nothing of the business since.
/// </summary>
internal sealed class StatementViewer(Caller caller)
{
    private static readonly HashSet<string> OfMerchants = new(StringComparer.Ordinal)
    {
        "paymentCount", "refundCount", "adjustmentCount", "gross", "refunds", "fee", "feeReturned", "payable", "carriedIn", "paidOut", "carriedOut",
    };

    /// <summary>Whether they see everything.</summary>
    public bool SeesAll { get; } = caller.IsAny([Role.Operator, Role.Finance]);

    /// <summary>The merchants whose statements are all that they may see; null for those who may see others.</summary>
    public IReadOnlyList<MerchantId>? OnlyMerchants { get; } = caller.IsAny([Role.Operator, Role.Finance, Role.Distributor])
        ? null
        : [.. caller.Scope.Merchants.OrderBy(merchant => merchant.Value, StringComparer.Ordinal)];

    /// <summary>Whether they see what is the merchant's own.</summary>
    public bool IsMerchant(MerchantId merchant) => SeesAll || (caller.Is(Role.Merchant) && caller.Scope.Merchants.Contains(merchant));

    /// <summary>What they see of a statement; null when it is none of theirs.</summary>
    public StatementFigures? Figures(Statement statement)
    {
        var parts = statement.DistributorParts.Where(part => Has(part.Distributor)).ToList();
        var isMerchant = IsMerchant(statement.Merchant);
        if (!isMerchant && parts.Count == 0)
            return null;
        if (!isMerchant)
            return OfParts(statement, parts);
        var figures = new StatementFigures
        {
            PaymentCount = statement.PaymentCount,
            RefundCount = statement.RefundCount,
            AdjustmentCount = statement.AdjustmentCount,
            Gross = statement.Gross,
            Refunds = statement.Refunds,
            Fee = statement.Fee,
            FeeReturned = statement.FeeReturned,
            Payable = statement.Payable,
            CarriedIn = statement.CarriedIn,
            PaidOut = statement.PaidOut,
            CarriedOut = statement.CarriedOut,
            DistributorParts = SeesAll || parts.Count > 0 ? parts : null,
        };
        return SeesAll ? figures with { BankPart = statement.BankPart, PlatformPart = statement.PlatformPart } : figures;
    }

    /// <summary>What they see of the fields in which a revision of a merchant differs from the one before.</summary>
    public IReadOnlyList<FieldChange> Changes(StatementRow revision) =>
        [.. revision.Changes.Where(change => SeesAll || IsOwn(revision.Statement.Merchant, change.Field))];

    private StatementFigures OfParts(Statement statement, List<DistributorPart> parts)
    {
        var terms = statement.Terms.Where(line => line.Shares.Any(share => Has(share.Distributor))).ToList();
        return new()
        {
            Gross = terms.Aggregate(Fen.Zero, (sum, line) => sum + line.Payments),
            Refunds = terms.Aggregate(Fen.Zero, (sum, line) => sum + line.Refunds),
            DistributorParts = parts,
        };
    }

    private bool IsOwn(MerchantId merchant, string field) =>
        (IsMerchant(merchant) && OfMerchants.Contains(field))
        || (field.Split('.') is ["distributorParts", var id, ..] && DistributorId.TryParse(id, null, out var distributor) && Has(distributor));

    private bool Has(DistributorId distributor) => SeesAll || (caller.Is(Role.Distributor) && caller.Scope.Distributors.Contains(distributor));
}
