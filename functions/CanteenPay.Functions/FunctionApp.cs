using CanteenPay.Azure.Functions;
using CanteenPay.Channels;
using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Documents;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Restored;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Settlement;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Telemetry;
using Serilog;
using Serilog.Events;

namespace CanteenPay.Functions;

/// <summary>Puts the function app together.</summary>
internal static class FunctionApp
{
    /// <summary>The app, ready to run.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    /// <param name="args">Settings as command-line arguments.</param>
    /// <param name="configure">Replaces services, for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        Settings.RefuseUnresolved(builder.Configuration);
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        builder.WebHost.UseUrls($"http://127.0.0.1:{builder.Configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] ?? "7075"}");
        builder.Logging.ClearProviders().AddSerilog(
            new LoggerConfiguration()
                .MinimumLevel.Information()
                .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
                .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
                .WriteTo.Console(formatProvider: LogFormat.Provider)
                .CreateLogger(),
            dispose: true);
        builder.Services.AddAzureServices(builder.Configuration, builder.Environment).AddCapabilities(builder.Configuration)
            .AddIdentity(builder.Configuration, builder.Environment);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, FunctionsJson.Default));

        configure?.Invoke(builder);

        var app = builder.Build();
        _ = app.Services.GetRequiredService<TelemetryExport>();
        app.UseIdentity();
        app.MapFunctions();
        return app;
    }

    /// <summary>Everything but the clients of Azure.</summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    internal static IServiceCollection AddCapabilities(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Random.Shared)
        .AddSingleton(TelemetrySettings.Read(configuration))
        .AddSingleton<TelemetryExport>()
        .AddSingleton(PaymentSettings.Read(configuration))
        .AddSingleton<IPaymentChannel>(provider => new SwiftPassChannel(
            new HttpClient(SwiftPassChannel.CreateHandler()), new SwiftPassOptions(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(SwiftPassSettings.Read(configuration))
        .AddSingleton<ChannelAccounts>()
        .AddSingleton<RegistryCache>()
        .AddSingleton<DeviceRegistry>()
        .AddSingleton<MemberStore>()
        .AddAudit()
        .AddSingleton<MerchantKeys>()
        .AddMerchants(configuration)
        .AddDocuments()
        .AddSingleton<INightChore, CardChecks>()
        .AddSingleton<MachineLink>()
        .AddSingleton<DeviceInbox>()
        .AddSingleton<ParkedStore>()
        .AddSingleton<ParkedSender>()
        .AddSingleton<Readiness>()
        .AddSettlement()
        .AddExports(configuration)
        .AddCopies()
        .AddSingleton<OrderStore>()
        .AddSingleton<OpenOrderStore>()
        .AddSingleton<RefundStore>()
        .AddSingleton<Announcements>()
        .AddSingleton<OrderLife>()
        .AddSingleton<RefundLife>()
        .AddSingleton<RefundPoll>()
        .AddSingleton<TillRefunds>()
        .AddSingleton<PaymentStepQueue>()
        .AddSingleton<Notify>()
        .AddSingleton<OrdersAgain>()
        .AddSingleton<CardStore>()
        .AddSingleton<LedgerStore>()
        .AddSingleton<OpenCardStore>()
        .AddSingleton<FeedWake>()
        .AddSingleton<OperationStore>()
        .AddSingleton<BookedTaps>()
        .AddSingleton<OperationFacts>()
        .AddSingleton<OperationSteps>()
        .AddSingleton<OutstandingTaps>()
        .AddSingleton<OperationLife>()
        .AddSingleton<IGuardedOperations, OperationSweeper>()
        .AddSingleton<Office>()
        .AddSingleton<BookedLedger>()
        .AddSingleton<KeptDays>()
        .AddSingleton<ClosedLoop>()
        .AddSingleton<CheckCalls>()
        .AddSingleton<Journals>()
        .AddSingleton<Forks>()
        .AddSingleton<Reversals>()
        .AddSingleton<StaleRows>()
        .AddSingleton<Booking>()
        .AddSingleton<LostAccounts>()
        .AddSingleton<LedgerReplay>()
        .AddSingleton<Restoration>()
        .AddSingleton<CardPulls>()
        .AddSingleton<MachineSettingsPost>()
        .AddSingleton<FeedAdvance>()
        .AddSingleton<StatusAnswers>()
        .AddSingleton<ISweeper, PaymentSweeper>()
        .AddSingleton<ISweeper, CardSweeper>()
        .AddSingleton<ISweeper, RegistrarSweeper>()
        .AddFunctions(typeof(FunctionApp).Assembly, FunctionsJson.Default);
}
