using CanteenPay.Functions.Settlement.Rules;

namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>A statement as files show it.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Revision">Which of the merchant's day, from 1.</param>
/// <param name="MerchantName">What people call the merchant.</param>
internal sealed record ExportedStatement(Statement Statement, int Revision, string MerchantName);

/// <summary>A distributor's part of a merchant's day.</summary>
/// <param name="Of">The statement that it is a part of.</param>
/// <param name="Part">The part.</param>
/// <param name="DistributorName">What people call the distributor.</param>
internal sealed record ExportedShare(ExportedStatement Of, DistributorPart Part, string DistributorName);
