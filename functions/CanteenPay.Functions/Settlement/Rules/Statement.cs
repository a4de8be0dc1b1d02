using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>
/// What a merchant's settlement date comes to. All amounts are fen; those of a day with more refunds than payments may be negative. The rules and their sources are listed with
/// numbers in <c>README.md</c> beside this file; card money is no part of it.
/// </summary>
internal sealed record Statement
{
    public required MerchantId Merchant { get; init; }

    /// <summary>The settlement date.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Payments counted, late ones too: a count of postings (rule 1, the architecture's Postings).</summary>
    public required int PaymentCount { get; init; }

    /// <summary>Refunds counted, those of earlier days' orders too: a count of postings (rule 1, the architecture's Postings).</summary>
    public required int RefundCount { get; init; }

    /// <summary>How many of both belong to earlier days, which were closed (rule 1, the architecture's Postings).</summary>
    public required int AdjustmentCount { get; init; }

    /// <summary>Σ payments (rule 2, statements of the gateway, payment facts §6).</summary>
    public required Fen Gross { get; init; }

    /// <summary>Σ refunds (rule 2, statements of the gateway, payment facts §6).</summary>
    public required Fen Refunds { get; init; }

    /// <summary>Σ fees of the payments, each its amount × its own rate, half up to the fen (rule 3, WeChat's merchant statement and SwiftPass's bill rows, payment facts §6).</summary>
    public required Fen Fee { get; init; }

    /// <summary>Σ fees that came back with the refunds, each by the running rule (rule 4, WeChat's merchant statement, payment facts §6).</summary>
    public required Fen FeeReturned { get; init; }

    /// <summary>Gross − refunds − (fee − returned fee); what was carried is apart (rule 9, SwiftPass's bill: net = received − fee, payment facts §6; the issue).</summary>
    public required Fen Payable { get; init; }

    /// <summary>What earlier days left over: negative when they paid back more than they took, never positive (rule 10, our decision in the issue).</summary>
    public required Fen CarriedIn { get; init; }

    /// <summary>What is paid out for the day: payable + carried in, at least nothing (rule 10, our decision in the issue).</summary>
    public required Fen PaidOut { get; init; }

    /// <summary>What goes on to the next day: payable + carried in − paid out, at most nothing (rule 10, our decision in the issue).</summary>
    public required Fen CarriedOut { get; init; }

    /// <summary>The bank's part of fee − returned fee: for each order half up at the bank's own rate, returned by the same running rule as the fee (rule 5, our decision in the issue).</summary>
    public required Fen BankPart { get; init; }

    /// <summary>
    /// The distributors' parts, in the order of their ids: exact over all orders, rounded once half away from zero, between nothing and fee − returned fee − bank's part, together no more
    /// than that (rules 6 and 7, our decisions in the issue).
    /// </summary>
    public required IReadOnlyList<DistributorPart> DistributorParts { get; init; }

    /// <summary>The rest of fee − returned fee, so that the parts are it to the fen (rule 8, our decision in the issue; invariant 6 of the architecture).</summary>
    public required Fen PlatformPart { get; init; }

    /// <summary>
    /// The terms under which the orders were paid, those of their payments' settlement dates, each with what it holds for: from these the distributors' parts are reckoned (rule 6, our
    /// decision in the issue).
    /// </summary>
    public required IReadOnlyList<TermsLine> Terms { get; init; }

    /// <summary>SHA-256 of the postings, in the order of their keys, as lower-case hex: see <see cref="Rules.PostingDigest"/> (rule 11, ours).</summary>
    public required string PostingsDigest { get; init; }
}

/// <summary>A distributor's part of a statement's net fee.</summary>
/// <param name="Distributor">Whose.</param>
/// <param name="Part">Fen; negative when more went back than came.</param>
internal sealed record DistributorPart(DistributorId Distributor, Fen Part);
