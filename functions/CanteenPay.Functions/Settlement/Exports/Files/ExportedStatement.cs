using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

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
/// <param name="Paid">Σ payments under terms that name the distributor: who has no share any more is shown nothing of what came since.</param>
/// <param name="Refunded">Σ refunds of such payments.</param>
internal sealed record ExportedShare(ExportedStatement Of, DistributorPart Part, string DistributorName, Fen Paid, Fen Refunded)
{
    /// <summary>A distributor's part, with what it is a part of.</summary>
    public static ExportedShare Make(ExportedStatement of, DistributorPart part, string name)
    {
        var (paid, refunded) = (Fen.Zero, Fen.Zero);
        foreach (var line in of.Statement.Terms.Where(line => line.Shares.Any(share => share.Distributor == part.Distributor)))
            (paid, refunded) = (paid + line.Payments, refunded + line.Refunds);
        return new(of, part, name, paid, refunded);
    }
}
