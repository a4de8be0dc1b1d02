using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Rules;

/// <summary>What a statement holds under one set of terms.</summary>
/// <param name="ValidFrom">The first day of the terms, which names them.</param>
/// <param name="RateBasisPoints">The rate, in basis points of the amount.</param>
/// <param name="BankCostBasisPoints">The bank's part of it.</param>
/// <param name="Shares">The distributors' parts of it.</param>
/// <param name="Payments">Σ payments under them.</param>
/// <param name="Refunds">Σ refunds of orders that were paid under them.</param>
internal sealed record TermsLine(
    DateOnly ValidFrom, int RateBasisPoints, int BankCostBasisPoints, IReadOnlyList<FeeShare> Shares, Fen Payments, Fen Refunds);

/// <summary>A merchant's terms from a day on.</summary>
/// <param name="ValidFrom">The first settlement date for which they hold.</param>
/// <param name="Terms">How fees are divided.</param>
internal sealed record DatedTerms(DateOnly ValidFrom, FeeTerms Terms);
