using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>Puts the distributors' accounts together.</summary>
internal static class ShareServices
{
    /// <summary>Everything about them.</summary>
    public static IServiceCollection AddShares(this IServiceCollection services) => services
        .AddSingleton<ShareStore>()
        .AddSingleton<ShareAccount>()
        .AddSingleton<ShareCorrections>()
        .AddSingleton<Payouts>()
        .AddSingleton<INightChore, ServiceFees>();
}
