using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Settlement.Delivery;
using CanteenPay.Functions.Settlement.Exports.Editions;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Night;

namespace CanteenPay.Functions.Settlement.Exports;

/// <summary>Puts exports and their delivery together.</summary>
internal static class ExportServices
{
    /// <summary>Everything about files.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static IServiceCollection AddExports(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(FinanceSettings.Read(configuration))
        .AddSingleton<IExportFiles, ExportBlobs>()
        .AddSingleton<FileWriter>()
        .AddSingleton<EditionStore>()
        .AddSingleton<MerchantExport>()
        .AddSingleton<ContentReader>()
        .AddSingleton<EditionReader>()
        .AddSingleton<DayFiles>()
        .AddSingleton<IDayExport, DayExport>()
        .AddSingleton<SignedLinks>()
        .AddSingleton<DeliveryStore>()
        .AddSingleton(provider => new Webhook(
            new HttpClient(Webhook.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan }, provider.GetRequiredService<FinanceSettings>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<Deliveries>()
        .AddSingleton<IDelivery>(provider => provider.GetRequiredService<Deliveries>())
        .AddSingleton<ISweeper, ExportSweeper>()
        .AddSingleton<ISweeper, DeliverySweeper>();
}
