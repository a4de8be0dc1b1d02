using CanteenPay.Functions.Merchants.Applications;

namespace CanteenPay.Functions.Merchants;

/// <summary>Puts the merchants' part of the app together.</summary>
internal static class MerchantServices
{
    /// <summary>Everything about merchants.</summary>
    public static IServiceCollection AddMerchants(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton<ApplicationStore>()
        .AddSingleton<IApplications>(provider => provider.GetRequiredService<ApplicationStore>());
}
