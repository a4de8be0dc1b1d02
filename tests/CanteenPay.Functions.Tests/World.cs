using Azure.Messaging;
using Azure.Storage.Blobs;
using CanteenPay.Azure.Functions;
using CanteenPay.Azure.InMemory;
using CanteenPay.Functions.Cards;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Tests.Copies;
using CanteenPay.Functions.Tests.Sealing;
using CanteenPay.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace CanteenPay.Functions.Tests;

/// <summary>
/// The function app over in-memory Azure, a scripted bank and a clock that stands until it is moved. Invocations that fail come again, as the host lets them.
/// </summary>
internal sealed partial class World : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 5, 0, TimeSpan.FromHours(8));
    public static readonly MerchantId Merchant = MerchantId.Parse("DEVMERCH");
    public static readonly DeviceId Machine = DeviceId.Parse("DEVMACH1");
    public static readonly DeviceId OtherMachine = DeviceId.Parse("DEVMACH2");

    /// <summary>Every table that the app uses.</summary>
    public static readonly IReadOnlyList<string> TableNames = ["Orders", "OpenOrders", "Merchants", "Distributors", "Devices", "Cards", "CardEntries", "OpenCards", "Parked", "Members", "Audit", "Postings", "DayIndex", "Settlements", "Shares"];

    private const int MaxDeliveries = 10;

    /// <summary>A client that reaches nobody: papers have tests of their own, over a real service.</summary>
    public static readonly BlobServiceClient NoBlobs = new("UseDevelopmentStorage=true", new BlobClientOptions { Retry = { MaxRetries = 0 } });

    public FakeClock Clock { get; }

    public InMemoryTableService Tables { get; }

    /// <summary>The tables of another storage account.</summary>
    public InMemoryTableService Elsewhere { get; }

    public InMemoryServiceBus ServiceBus { get; }

    public InMemoryEventGrid Broker { get; }

    public InMemoryNamespaceClients Clients { get; } = new();

    public FakeBank Bank { get; }

    public MemoryCopies Copies { get; } = new();

    public KeyInMemory Vault { get; } = new();

    public RecordingExports Exports { get; } = new();

    public OrderStore Orders => _services.GetRequiredService<OrderStore>();

    public RefundStore RefundStore => _services.GetRequiredService<RefundStore>();

    private OpenOrderStore Open => _services.GetRequiredService<OpenOrderStore>();

    /// <summary>The process is gone in the middle of an invocation: nothing more of it runs, whatever it would still try.</summary>
    public bool HandlerIsDead { get; set; }

    /// <summary>Every failed invocation, as the host would have seen it.</summary>
    public List<Exception> Failures { get; } = [];

    public static PayRequest Request(long fen = 1250, DateTimeOffset? at = null) => new()
    {
        OrderId = OrderId.New(BusinessDay.Of(at ?? Noon), Merchant, Machine),
        MerchantId = Merchant,
        Amount = new Fen(fen),
        RequestedAt = at ?? Noon,
        ExpiresInS = 120,
    };

    /// <summary>An order whose QR is on the machine's screen.</summary>
    public async Task<PayRequest> ShowQrAsync()
    {
        var request = Request();
        await DeviceSaysAsync(request);
        Told()[^1].ShouldBeOfType<PayQr>();
        return request;
    }

    /// <summary>A machine's message arrives by the broker and the queue.</summary>
    public Task DeviceSaysAsync(DeviceMessage message, DeviceId? sender = null, DateTimeOffset? sentAt = null)
    {
        var routed = Routed(message, sender ?? Machine, sentAt ?? Clock.GetUtcNow());
        return DeliverAsync(routed);
    }

    /// <summary>Whatever bytes a machine publishes arrive by the broker and the queue.</summary>
    public Task DeviceBytesAsync(byte[] payload, bool toStatus)
    {
        var routed = new CloudEvent("canteen-events", "MQTT.EventPublished", BinaryData.FromBytes(payload), "application/octet-stream")
        {
            Subject = toStatus ? Topics.StatusUp(Machine) : Topics.PaymentsUp(Machine),
            Time = Clock.GetUtcNow(),
        };
        routed.ExtensionAttributes["clientname"] = Machine.Value;
        return toStatus
            ? DeliverAsync<MachineStatus>((function, context) => function.RunAsync(routed, context with { Body = Body(routed) }, CancellationToken.None))
            : DeliverAsync(routed);
    }

    /// <summary>The last that was heard of a machine; null when nothing was.</summary>
    public Task<DeviceStatusRow?> StatusOfAsync(DeviceId device) =>
        Tables.GetTableClient("Devices").GetEntityIfExistsAsync<DeviceStatusRow>(device.Value, DeviceRegistry.StatusRow);

    public Task DeviceStatusAsync(DeviceMessage message, DeviceId? sender = null, DateTimeOffset? sentAt = null)
    {
        var device = sender ?? Machine;
        var routed = Routed(message, device, sentAt ?? Clock.GetUtcNow(), topic: Topics.StatusUp(device));
        return DeliverAsync<MachineStatus>((function, context) => function.RunAsync(routed, context, CancellationToken.None));
    }

    /// <summary>The bank's notification arrives; true when it need not be sent again.</summary>
    public async Task<bool> BankNotifiesAsync(OrderId order)
    {
        for (var delivery = 0; delivery < MaxDeliveries; delivery++)
        {
            HandlerIsDead = false;
            try
            {
                await using var scope = _services.CreateAsyncScope();
                var notified = Bank.Notification(order);
                return await scope.ServiceProvider.GetRequiredService<Notify>().TakeAsync(order.Merchant, notified, "swiftpass", CancellationToken.None);
            }
            catch (Killed killed)
            {
                Failures.Add(killed);
            }
        }

        return false;
    }

    public Task SweepAsync() => DeliverAsync<Sweep>((function, _) => function.RunAsync(new TimerInfo(), CancellationToken.None));

    public Task StepAsync(PaymentStep step, IDictionary<string, string>? properties = null) => DeliverAsync<PaymentPoll>((function, context) => function.RunAsync(
        step, context with { ApplicationProperties = (properties ?? new Dictionary<string, string>()).ToDictionary() }, CancellationToken.None));

    public Task ParkAsync(BinaryData body, FunctionContext context) => DeliverAsync<Park>((function, _) => function.RunAsync(body, context, CancellationToken.None));

    /// <summary>Lets time go by; scheduled messages are delivered when they are due.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var until = Clock.GetUtcNow() + time;
        while (NextDue() is { } due && due <= until)
        {
            Clock.MoveTo(due);
            while (ServiceBus.TakeDue(PaymentStepQueue.Queue) is { } message)
            {
                var step = System.Text.Json.JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.PaymentStep)!;
                await StepAsync(step, message.ApplicationProperties);
            }

            while (ServiceBus.TakeDue(FeedWake.Queue) is { } message)
                await FeedAsync(System.Text.Json.JsonSerializer.Deserialize(message.Body, FunctionsJson.Default.CardFeedMessage)!);
        }

        Clock.MoveTo(until);
    }

    private DateTimeOffset? NextDue() =>
        new[] { ServiceBus.NextDue(PaymentStepQueue.Queue), ServiceBus.NextDue(FeedWake.Queue) }.Where(due => due is not null).Min();

    /// <summary>What the machine was told, in order.</summary>
    public IReadOnlyList<DeviceMessage> Told(DeviceId? machine = null) =>
    [
        .. Broker.Published.Where(message => message.Topic == Topics.PaymentsDown(machine ?? Machine)).Select(message =>
        {
            DeviceMessageJson.TryRead(message.Payload, out var told, out var error).ShouldBeTrue(error);
            return told!;
        }),
    ];

    public IReadOnlyList<PayResult> Results => [.. Told().OfType<PayResult>()];

    public async Task<Order> OrderAsync(OrderId id) => (await Orders.FindAsync(id, CancellationToken.None)).ShouldNotBeNull().Order;

    public async Task<IReadOnlyList<OpenOrderRow>> GuardsAsync() =>
        await OpenOrderRow.AllPartitions.ToAsyncEnumerable()
            .SelectMany(partition => Open.ListAsync(partition, CancellationToken.None)).ToListAsync();

    public async Task<IReadOnlyList<ParkedItem>> ParkedAsync() => await Tables.GetTableClient("Parked").QueryAsync<ParkedItem>("").ToListAsync();

    public void Dispose() => _services.Dispose();

    public static CloudEvent Routed(DeviceMessage message, DeviceId sender, DateTimeOffset sentAt, string? topic = null, string? clientName = null)
    {
        var routed = new CloudEvent("canteen-events", "MQTT.EventPublished", BinaryData.FromBytes(DeviceMessageJson.Write(message)), "application/octet-stream")
        {
            Subject = topic ?? Topics.PaymentsUp(sender),
            Time = sentAt,
        };
        routed.ExtensionAttributes["clientname"] = clientName ?? sender.Value;
        return routed;
    }

    public Task DeliverAsync(CloudEvent routed) =>
        DeliverAsync<MachinePayments>((function, context) => function.RunAsync(routed, context with { Body = Body(routed) }, CancellationToken.None));

    private static BinaryData Body(CloudEvent routed) => BinaryData.FromBytes(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(routed));

    private async Task DeliverAsync<TFunction>(Func<TFunction, FunctionContext, Task> invokeAsync)
        where TFunction : notnull
    {
        for (var delivery = 0; delivery < MaxDeliveries; delivery++)
        {
            HandlerIsDead = false;
            try
            {
                await using var scope = _services.CreateAsyncScope();
                var context = new FunctionContext { InvocationId = "i", FunctionName = typeof(TFunction).Name, DeliveryCount = delivery + 1 };
                await invokeAsync(scope.ServiceProvider.GetRequiredService<TFunction>(), context);
                return;
            }
            catch (Exception failure)
            {
                Failures.Add(failure);
            }
        }
    }
}
