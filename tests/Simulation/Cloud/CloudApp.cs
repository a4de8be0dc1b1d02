using System.Text.Json;
using Azure.Messaging;
using Azure.Storage.Blobs;
using CanteenPay.Azure.EventGrid;
using CanteenPay.Azure.Functions;
using CanteenPay.Azure.InMemory;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Azure.ServiceBus;
using CanteenPay.Azure.Tables;
using CanteenPay.Channels;
using CanteenPay.Functions;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Cards.Reports;
using CanteenPay.Functions.Cards.Restored;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Functions.Copies;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Devices.Certificates;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Virtual;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CanteenPay.Simulation.Cloud;

/// <summary>One run of the function app's process: the real functions, composed as they are, over Azure in memory.</summary>
internal sealed class CloudApp : IDisposable
{
    private static readonly IConfiguration Configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Payments:PublicBaseUrl"] = "https://pay.example.com",
        ["SwiftPass:Gateway"] = "https://bank.example.com/pay/gateway",
        [$"SwiftPass:Keys:{Canteen.First.BankNo}"] = "key",
        [$"SwiftPass:Keys:{Canteen.Second.BankNo}"] = "key",
    }).Build();

    /// <summary>The product's own composition, found by reflection once.</summary>
    private static readonly IReadOnlyList<ServiceDescriptor> Capabilities =
    [
        .. new ServiceCollection().AddSingleton(Configuration).AddCapabilities(Configuration)
            .Where(service => service.ServiceType != typeof(IPaymentChannel) && service.ServiceType != typeof(TimeProvider) && service.ServiceType != typeof(Random))
            // Copies are beside the stories: they change no row that a story looks at, and have tests of their own.
            .Where(service => service.ImplementationType != typeof(NightCopy)),
    ];

    /// <summary>Stories have no papers, so nobody asks it anything.</summary>
    private static readonly BlobServiceClient NoBlobs = new("UseDevelopmentStorage=true");

    /// <summary>Stories change no machines by the product's hand.</summary>
    private static readonly EventGridNamespaceClients NoClients = new InMemoryNamespaceClients();

    /// <summary>
    /// One container for all processes: what it finds out by reflection it finds out once. A process is a scope of it, so its singletons are scoped here, and functions,
    /// which are made for each invocation, transient.
    /// </summary>
    private static readonly ServiceProvider Container = Compose();

    private readonly AsyncServiceScope process;

    public CloudApp(
        Agenda agenda, Life life, InMemoryTableService tables, InMemoryServiceBus serviceBus, InMemoryEventGrid broker, IPaymentChannel bank, Random chance, Trace? trace)
    {
        Life = life;
        process = Container.CreateAsyncScope();
        Services.GetRequiredService<Place>().Surroundings =
            new(tables, serviceBus, broker, bank, new VirtualTime(agenda, life), chance, Surroundings.LogOf(trace));
    }

    private IServiceProvider Services => process.ServiceProvider;

    /// <summary>The process.</summary>
    public Life Life { get; }

    /// <summary>Lets a function take a queue's message.</summary>
    public async Task TakeAsync(QueuedMessage message)
    {
        var context = message.Context;
        switch (message.Queue)
        {
            case Queues.Payments:
                await Services.GetRequiredService<MachinePayments>().RunAsync((CloudEvent)message.Body, context, CancellationToken.None);
                break;
            case Queues.Status:
                await Services.GetRequiredService<MachineStatus>().RunAsync((CloudEvent)message.Body, context, CancellationToken.None);
                break;
            case Queues.Cards:
                await Services.GetRequiredService<MachineCards>().RunAsync((CloudEvent)message.Body, context, CancellationToken.None);
                break;
            case Queues.CardFeed:
                var work = JsonSerializer.Deserialize((BinaryData)message.Body, FunctionsJson.Default.CardFeedMessage)!;
                await Services.GetRequiredService<CardFeed>().RunAsync(work, CancellationToken.None);
                break;
            case Queues.Polls:
                var step = JsonSerializer.Deserialize((BinaryData)message.Body, FunctionsJson.Default.PaymentStep)!;
                await Services.GetRequiredService<PaymentPoll>().RunAsync(step, context, CancellationToken.None);
                break;
            case Queues.Parked:
                await Services.GetRequiredService<Park>().RunAsync(
                    message.Body as BinaryData ?? ((CloudEvent)message.Body).Data!, context, CancellationToken.None);
                break;
            default:
                throw new InvalidOperationException($"No function takes {message.Queue}.");
        }
    }

    /// <summary>Takes a notification; true when the bank need not send it again.</summary>
    public Task<bool> TakeAsync(Merchant merchant, PaymentFacts facts) => Services.GetRequiredService<Notify>().TakeAsync(
        merchant.Id, new NotificationOutcome.Paid(facts), "swiftpass", CancellationToken.None);

    /// <summary>Somebody asks for a refund at the endpoint: true when it was answered, with a refund or with a refusal.</summary>
    public async Task<bool> RefundAsync(OrderId id, string key, Fen amount)
    {
        if (await Services.GetRequiredService<OrderStore>().FindAsync(id, CancellationToken.None) is not { } order)
            return false;
        await Services.GetRequiredService<RefundLife>().RequestAsync(order, new(RefundOrigin.Endpoint, key, amount, "simulated"), CancellationToken.None);
        return true;
    }

    /// <summary>The office asks for an operation at the endpoint; null when the key is taken for another one.</summary>
    /// <param name="merchant">Whose office.</param>
    /// <param name="key">Its key.</param>
    /// <param name="account">The account; of a new one the id that was drawn for it.</param>
    /// <param name="operation">What is wanted.</param>
    public async Task<OperationProgress?> OperateAsync(MerchantId merchant, string key, AccountId account, CardOperation operation)
    {
        var now = Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var asked = new OperationRow(merchant, key, account, operation, $"{account}|{operation}", BusinessDay.Of(now), now);
        var row = operation is OpenAccount
            ? OperationSteps.NewAccount(asked)
            : await Services.GetRequiredService<CardStore>().AccountAsync(merchant, account, CancellationToken.None)
                ?? throw new InvalidOperationException($"There is no account {account}.");
        return await Services.GetRequiredService<OperationLife>().RequestAsync(asked, row, CancellationToken.None);
    }

    /// <summary>An operator lets the machine of a parked journal begin another one.</summary>
    public Task ReleaseAsync(CursorRow journal) => Services.GetRequiredService<Journals>().ReleaseAsync(journal, CancellationToken.None);

    /// <summary>An operator says that nothing more will come of a journal.</summary>
    public Task EndAsync(CursorRow journal) => Services.GetRequiredService<Journals>().EndAsync(journal, CancellationToken.None);

    /// <summary>An operator says that a merchant's cards were put back; true when nothing is left to be done.</summary>
    public async Task<bool> RestoredAsync(MerchantId merchant) =>
        (await Services.GetRequiredService<Restoration>().GoOnAsync(merchant, "restored-1", CancellationToken.None)).Done;

    /// <summary>The closed loop of a merchant.</summary>
    public Task<LoopResult> CheckLoopAsync(MerchantId merchant) => Services.GetRequiredService<ClosedLoop>().CheckAsync(merchant, CancellationToken.None);

    /// <summary>The timer of the night.</summary>
    public async Task NightAsync()
    {
        await Services.GetRequiredService<Night>().RunAsync(new TimerInfo(), CancellationToken.None);
    }

    /// <summary>The timer.</summary>
    public async Task SweepAsync()
    {
        await Services.GetRequiredService<Sweep>().RunAsync(new TimerInfo(), CancellationToken.None);
    }

    public void Dispose() => process.Dispose();

    private static ServiceProvider Compose()
    {
        IServiceCollection collection = new ServiceCollection();
        foreach (var service in Capabilities)
        {
            collection.Add(service switch
            {
                { ImplementationInstance: not null } => service,
                { ImplementationFactory: { } make } => new(service.ServiceType, make, LifetimeOf(service)),
                _ => new(service.ServiceType, service.ImplementationType!, LifetimeOf(service)),
            });
        }

        return collection.AddSingleton<IKeyEncryptionKey, NoVault>().AddSingleton(NoBlobs).AddSingleton(NoClients).AddSingleton(MachineAuthority.None).AddScoped(typeof(ILogger<>), typeof(ProcessLog<>))
            .AddScoped<Place>().AddScoped(process => process.GetRequiredService<Place>().Surroundings)
            .AddScoped<TableServiceClient>(process => process.GetRequiredService<Surroundings>().Tables)
            .AddScoped<ServiceBusClient>(process => process.GetRequiredService<Surroundings>().ServiceBus)
            .AddScoped<EventGridMqttClient>(process => process.GetRequiredService<Surroundings>().Broker)
            .AddScoped<IPaymentChannel>(process => process.GetRequiredService<Surroundings>().Bank)
            .AddScoped<TimeProvider>(process => process.GetRequiredService<Surroundings>().Time)
            .AddScoped<Random>(process => process.GetRequiredService<Surroundings>().Chance)
            .BuildServiceProvider();
    }

    private static ServiceLifetime LifetimeOf(ServiceDescriptor service) =>
        service.Lifetime == ServiceLifetime.Singleton ? ServiceLifetime.Scoped : ServiceLifetime.Transient;
}
