using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Merchants;

/// <summary>Puts the merchants' part of the app together.</summary>
internal static class MerchantServices
{
    /// <summary>Everything about merchants.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static IServiceCollection AddMerchants(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(SubscriptionSettings.Read(configuration))
        .AddSingleton(ApplicationSettings.Read(configuration))
        .AddSingleton(RegistrationPort.Read(configuration))
        .AddSingleton<MerchantRegistry>()
        .AddSingleton<ApplicationStore>()
        .AddSingleton<IApplications>(provider => provider.GetRequiredService<ApplicationStore>())
        .AddSingleton<MerchantIndex>()
        .AddSingleton<VerificationCodes>()
        .AddSingleton<DistributorStore>()
        .AddSingleton<IPapers, MerchantPapers>()
        .AddSingleton<ApplicationViews>()
        .AddSingleton<ApplicationDesk>()
        .AddSingleton<RegistrationForms>()
        .AddSingleton<BankReview>()
        .AddSingleton<ISweeper, BankReviewSweeper>()
        .AddSingleton<Activation>()
        .AddSingleton<ReviewDesk>()
        .AddSingleton<MerchantDesk>()
        .AddSingleton<MerchantRates>()
        .AddSingleton<SubscriptionStore>()
        .AddSingleton<INightChore, SubscriptionReminders>()
        .AddSingleton<INightChore, Forgetting>()
        .AddSingleton<BrokerMarks>()
        .AddSingleton<MachineRegistrar>()
        .AddSingleton<MachineCertificates>()
        .AddSingleton<Enrolment>();

    /// <summary>The endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        DistributorEndpoints.Map(api);
        ApplicationEndpoints.Map(api);
        MerchantEndpoints.Map(api);
        RateEndpoints.Map(api);
        SubscriptionEndpoints.Map(api);
        MachineEndpoints.Map(api);
    }
}
