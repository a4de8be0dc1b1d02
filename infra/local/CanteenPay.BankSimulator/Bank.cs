using System.Reflection;
using CanteenPay.BankSimulator.Bill;
using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Control;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Merchants;
using CanteenPay.BankSimulator.Notify;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;
using CanteenPay.BankSimulator.Registrations;
using CanteenPay.BankSimulator.Registrations.Review;
using Microsoft.Extensions.Configuration.Json;

namespace CanteenPay.BankSimulator;

/// <summary>A bank with a SwiftPass gateway, for development and tests. Nothing in here is the product's.</summary>
public static class Bank
{
    /// <summary>The bank, not yet started.</summary>
    /// <param name="args">Settings as arguments, e.g. <c>--urls http://127.0.0.1:0 --ready-file PATH --TimeScale 0.01</c>.</param>
    /// <param name="configure">What a test changes: another server, another clock.</param>
    /// <exception cref="BankSettingsException">A setting is missing or wrong.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        // Only the bank's own sources: an appsettings.json or ASPNETCORE_URLS meant for a neighbour must not reach it.
        builder.Configuration.Sources.Clear();
        builder.Configuration.Sources.Add(new JsonStreamConfigurationSource { Stream = OpenDefaults() });
        builder.Configuration.AddJsonFile(Path.Combine(Environment.CurrentDirectory, "banksimulator.json"), optional: true);
        builder.Configuration.AddEnvironmentVariables("BANK_");
        builder.Configuration.AddCommandLine(args);
        var settings = BankSettings.Read(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BankXml.MaxBytes + 1;
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<MerchantDirectory>();
        builder.Services.AddSingleton<OrderBook>();
        builder.Services.AddSingleton<ChaosBoard>();
        builder.Services.AddSingleton<Lies>();
        builder.Services.AddSingleton<AfterClose>();
        builder.Services.AddSingleton<OrderServices>();
        builder.Services.AddSingleton<RefundServices>();
        builder.Services.AddSingleton<GatewayServices>();
        builder.Services.AddSingleton<ChaoticGateway>();
        builder.Services.AddSingleton<BillService>();
        builder.Services.AddSingleton<PaymentDesk>();
        builder.Services.AddSingleton<Notifier>();
        builder.Services.AddRegistrations();
        builder.Services.AddHostedService(services => services.GetRequiredService<Notifier>());
        builder.Services.AddHostedService(services => services.GetRequiredService<AfterClose>());
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseLocalOnly();
        app.MapGateway();
        app.MapPhone();
        app.MapControl();
        app.MapStatusPage();
        app.MapChaos();
        app.MapChaosPage();
        app.MapRegistrations();
        app.MapReview();
        app.WriteReadyFile(settings.ReadyFile);
        return app;
    }

    private static Stream OpenDefaults() => Assembly.GetExecutingAssembly().GetManifestResourceStream("defaults.json")!;
}
