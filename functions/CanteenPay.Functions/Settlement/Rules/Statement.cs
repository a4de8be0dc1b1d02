using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>What a merchant's settlement date comes to. All amounts are fen; those of a day with more refunds than payments may be negative.</summary>
internal sealed record Statement
{
    public required MerchantId Merchant { get; init; }

    /// <summary>The settlement date.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Payments counted.</summary>
    public required int PaymentCount { get; init; }

    /// <summary>Refunds counted.</summary>
    public required int RefundCount { get; init; }

    /// <summary>How many of both belong to earlier days, which were closed.</summary>
    public required int AdjustmentCount { get; init; }

    /// <summary>Σ payments.</summary>
    public required Fen Gross { get; init; }

    /// <summary>Σ refunds.</summary>
    public required Fen Refunds { get; init; }

    /// <summary>Σ fees of the payments.</summary>
    public required Fen Fee { get; init; }

    /// <summary>Σ fees that came back with the refunds.</summary>
    public required Fen FeeReturned { get; init; }

    /// <summary>Gross − refunds − (fee − returned fee); what was carried is apart.</summary>
    public required Fen Payable { get; init; }

    /// <summary>What earlier days left over: negative when they paid back more than they took.</summary>
    public required Fen CarriedIn { get; init; }

    /// <summary>What is paid out for the day: payable + carried in, at least nothing.</summary>
    public required Fen PaidOut { get; init; }

    /// <summary>What goes on to the next day: payable + carried in − paid out, at most nothing.</summary>
    public required Fen CarriedOut { get; init; }

    /// <summary>The bank's part of fee − returned fee.</summary>
    public required Fen BankPart { get; init; }

    /// <summary>The distributors' parts, in the order of their ids.</summary>
    public required IReadOnlyList<DistributorPart> DistributorParts { get; init; }

    /// <summary>The rest of fee − returned fee.</summary>
    public required Fen PlatformPart { get; init; }

    /// <summary>The terms under which the orders were paid, each with what it holds for: from these the distributors' parts are reckoned.</summary>
    public required IReadOnlyList<TermsLine> Terms { get; init; }

    /// <summary>SHA-256 of the postings, in the order of their keys, as lower-case hex.</summary>
    public required string PostingsDigest { get; init; }
}

/// <summary>A distributor's part of a statement's net fee.</summary>
/// <param name="Distributor">Whose.</param>
/// <param name="Part">Fen; negative when more went back than came.</param>
internal sealed record DistributorPart(DistributorId Distributor, Fen Part);
