using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>Body of a new rate.</summary>
/// <param name="ValidFrom"><c>yyyy-MM-dd</c>, the next settlement date at the earliest.</param>
/// <param name="RateBasisPoints">What a payment costs the merchant.</param>
/// <param name="BankCostBasisPoints">The bank's part.</param>
/// <param name="Shares">The distributors' parts.</param>
internal sealed record RateBody(
    string? ValidFrom = null, int? RateBasisPoints = null, int? BankCostBasisPoints = null, IReadOnlyList<ShareForm>? Shares = null);

/// <summary>A rate as it is shown; to its merchant without what others earn.</summary>
internal sealed record RateView(
    DateOnly ValidFrom, int RateBasisPoints, int? BankCostBasisPoints, IReadOnlyList<FeeShareView>? Shares, DateTimeOffset? EnteredAt, string? EnteredBy)
{
    /// <summary>After setting it: it differs from the rate before, and the bank does not hear of it from us.</summary>
    public bool? BankMustBeTold { get; init; }

    public static RateView Of(RateRow rate, bool isForMerchant) => isForMerchant
        ? new(rate.ValidFrom, rate.Terms.RateBasisPoints, null, null, null, null)
        : new(
            rate.ValidFrom, rate.Terms.RateBasisPoints, rate.Terms.BankCostBasisPoints,
            [.. rate.Terms.Shares.Select(share => new FeeShareView(share.Distributor, share.BasisPoints))], BusinessDay.Local(rate.At), rate.By.Name);

    /// <summary>Whether two rates say the same.</summary>
    public static bool AreEqual(RateRow one, RateRow other) =>
        one.ValidFrom == other.ValidFrom && one.Terms.RateBasisPoints == other.Terms.RateBasisPoints
        && one.Terms.BankCostBasisPoints == other.Terms.BankCostBasisPoints && one.Terms.Shares.SequenceEqual(other.Terms.Shares);
}

/// <summary>A share as it is shown.</summary>
internal sealed record FeeShareView(DistributorId DistributorId, int BasisPoints);
