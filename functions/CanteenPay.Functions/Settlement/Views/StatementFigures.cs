using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Views;

/// <summary>What somebody may see of statements' figures, of one or of many; what is not theirs is null. See <see cref="Statement"/> for what each is.</summary>
internal sealed record StatementFigures
{
    /// <summary>Of nothing.</summary>
    public static readonly StatementFigures None = new();

    /// <summary>Of nothing, for those who see everything: a date on which no statement was made yet, or only cards had business, has sums too.</summary>
    public static readonly StatementFigures Zero = new()
    {
        PaymentCount = 0,
        RefundCount = 0,
        AdjustmentCount = 0,
        Fee = Fen.Zero,
        FeeReturned = Fen.Zero,
        Payable = Fen.Zero,
        CarriedIn = Fen.Zero,
        PaidOut = Fen.Zero,
        CarriedOut = Fen.Zero,
        BankPart = Fen.Zero,
        DistributorParts = [],
        PlatformPart = Fen.Zero,
    };

    public int? PaymentCount { get; init; }

    public int? RefundCount { get; init; }

    public int? AdjustmentCount { get; init; }

    public Fen Gross { get; init; }

    public Fen Refunds { get; init; }

    public Fen? Fee { get; init; }

    public Fen? FeeReturned { get; init; }

    public Fen? Payable { get; init; }

    public Fen? CarriedIn { get; init; }

    public Fen? PaidOut { get; init; }

    public Fen? CarriedOut { get; init; }

    public Fen? BankPart { get; init; }

    public IReadOnlyList<DistributorPart>? DistributorParts { get; init; }

    public Fen? PlatformPart { get; init; }

    /// <summary>Together with others.</summary>
    public StatementFigures Plus(StatementFigures other) => new()
    {
        PaymentCount = Sum(PaymentCount, other.PaymentCount),
        RefundCount = Sum(RefundCount, other.RefundCount),
        AdjustmentCount = Sum(AdjustmentCount, other.AdjustmentCount),
        Gross = Gross + other.Gross,
        Refunds = Refunds + other.Refunds,
        Fee = Sum(Fee, other.Fee),
        FeeReturned = Sum(FeeReturned, other.FeeReturned),
        Payable = Sum(Payable, other.Payable),
        CarriedIn = Sum(CarriedIn, other.CarriedIn),
        PaidOut = Sum(PaidOut, other.PaidOut),
        CarriedOut = Sum(CarriedOut, other.CarriedOut),
        BankPart = Sum(BankPart, other.BankPart),
        DistributorParts = DistributorParts is null && other.DistributorParts is null ? null
            :
            [
                .. (DistributorParts ?? []).Concat(other.DistributorParts ?? []).GroupBy(part => part.Distributor).OrderBy(parts => parts.Key.Value, StringComparer.Ordinal)
                    .Select(parts => new DistributorPart(parts.Key, parts.Aggregate(Fen.Zero, (sum, part) => sum + part.Part))),
            ],
        PlatformPart = Sum(PlatformPart, other.PlatformPart),
    };

    private static int? Sum(int? one, int? other) => one is { } first && other is { } second ? first + second : one ?? other;

    private static Fen? Sum(Fen? one, Fen? other) => one is { } first && other is { } second ? first + second : one ?? other;
}
