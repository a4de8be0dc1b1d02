using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Identity;

/// <summary>Whose a caller is: what is their own.</summary>
/// <param name="Distributors">The distributors that they act for.</param>
/// <param name="Merchants">The merchants that they act for.</param>
internal sealed record Scope(IReadOnlySet<DistributorId> Distributors, IReadOnlySet<MerchantId> Merchants)
{
    /// <summary>Nobody's.</summary>
    public static readonly Scope None = new(new HashSet<DistributorId>(), new HashSet<MerchantId>());
}
