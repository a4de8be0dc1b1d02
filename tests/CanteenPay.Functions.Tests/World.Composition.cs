using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Channels;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Homes;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Sealing;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Tests.Devices;
using CanteenPay.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests;

/// <summary>How the app is put together over what tests can see.</summary>
internal sealed partial class World
{
    private static readonly IConfiguration Configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Payments:PublicBaseUrl"] = "https://pay.example.com",
        ["SwiftPass:Gateway"] = "https://bank.example.com/pay/gateway",
        [$"SwiftPass:Keys:{FakeBank.MerchantId}"] = "key",
    }).Build();

    /// <summary>The app's own composition, found by reflection once.</summary>
    private static readonly IReadOnlyList<ServiceDescriptor> Capabilities =
    [
        .. new ServiceCollection().AddLogging().AddSingleton(Configuration).AddCapabilities(Configuration)
            .Where(service => service.ServiceType != typeof(IPaymentChannel) && service.ServiceType != typeof(TimeProvider)),
    ];

    private readonly TimeSpan _settlementCutOff;
    private readonly IReadOnlyDictionary<MerchantId, string>? _homes;
    private ServiceProvider _services;

    /// <param name="settlementCutOff">See <see cref="SettlementDay"/>.</param>
    /// <param name="homes">Merchants whose books lie in <see cref="Elsewhere"/>, by the name <c>other</c>; null for an app that knows one account only.</param>
    /// <param name="before">The app that ran before this one, over the same Azure, bank and clock.</param>
    public World(TimeSpan settlementCutOff = default, IReadOnlyDictionary<MerchantId, string>? homes = null, World? before = null)
    {
        Clock = before?.Clock ?? new(Noon);
        Tables = before?.Tables ?? new(Clock);
        Elsewhere = before?.Elsewhere ?? new(Clock);
        ServiceBus = before?.ServiceBus ?? new(Clock);
        Broker = before?.Broker ?? new();
        Bank = before?.Bank ?? new(Clock);
        (_settlementCutOff, _homes) = (settlementCutOff, homes);
        _services = Compose();
        if (before is null)
            Seed();
    }

    /// <summary>Another process of the app: nothing is remembered but what is stored.</summary>
    public void Restart()
    {
        _services.Dispose();
        _services = Compose();
    }

    private ServiceProvider Compose()
    {
        var main = new Dictionary<string, TableServiceClient> { [TableAccounts.Main] = Tables };
        var accounts = new TableAccounts(_homes is null ? main : new Dictionary<string, TableServiceClient>(main) { ["other"] = Elsewhere });
        var services = new ServiceCollection();
        foreach (var capability in Capabilities)
            ((ICollection<ServiceDescriptor>)services).Add(capability);
        return services
            .AddSingleton(accounts).AddSingleton(new MerchantHomes(_homes ?? new Dictionary<MerchantId, string>())).AddSingleton<MerchantDoor>()
            .AddSingleton<TableServiceClient>(provider => _homes is null ? Tables : new HomedTables(accounts, provider.GetRequiredService<MerchantDoor>()))
            .AddSingleton<ServiceBusClient>(ServiceBus).AddSingleton<EventGridMqttClient>(Broker).AddSingleton<EventGridNamespaceClients>(Clients)
            .AddSingleton(CaInMemory.Authority)
            .AddSingleton<IPaymentChannel>(Bank).AddSingleton<TimeProvider>(Clock).AddSingleton<IKeyEncryptionKey>(Vault)
            .AddSingleton<IPapers>(Papers).AddSingleton(new RegistrationPort(Registration, TimeSpan.FromMinutes(1)))
            .AddSingleton(NoBlobs).AddSingleton(PaymentSettings.Read(Configuration) with { SettlementCutOff = _settlementCutOff })
            .AddSingleton<ICopyFiles>(Copies)
            .AddSingleton<IDayExport>(Exports).AddSingleton<IDelivery>(Exports)
            .AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(new RecordingLog(Log)).BuildServiceProvider();
    }

    private void Seed()
    {
        foreach (var table in TableNames)
            Tables.GetTableClient(table).CreateIfNotExistsAsync().GetAwaiter().GetResult();
        foreach (var table in HomedTables.Books)
            Elsewhere.GetTableClient(table).CreateIfNotExistsAsync().GetAwaiter().GetResult();
        var devices = Tables.GetTableClient("Devices");
        devices.AddEntityAsync(new DeviceProfile(Machine, Merchant, "一号窗口", IsActive: true)).GetAwaiter().GetResult();
        devices.AddEntityAsync(new DeviceProfile(OtherMachine, Merchant, "二号窗口", IsActive: true)).GetAwaiter().GetResult();
        Tables.GetTableClient("Merchants").AddEntityAsync(new MerchantProfile(Merchant, "示范食堂", "swiftpass", FakeBank.MerchantId, IsActive: true))
            .GetAwaiter().GetResult();
    }
}
