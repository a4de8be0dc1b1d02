using System.Reflection;
using CanteenPay.DeviceAgent;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CanteenPay.Simulation.Machines;

/// <summary>
/// One run of the agent: all its parts but the web server, composed as they are, with their own loops, timers and database. The host's way of starting loops
/// puts them on the thread pool; here they are started on the thread of the simulation.
/// </summary>
internal sealed class AgentRun : IDisposable
{
    private static readonly Func<BackgroundService, CancellationToken, Task> Execute = typeof(BackgroundService)
        .GetMethod("ExecuteAsync", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<BackgroundService, CancellationToken, Task>>();

    /// <summary>With it, a part is started without its loop.</summary>
    private static readonly CancellationToken WithoutLoop = new(canceled: true);

    /// <summary>Few iterations: what a PIN's hash costs is not the point here.</summary>
    private static readonly ManagerPin Pin = ManagerPin.Of(Machine.ManagerPin, iterations: 1000);

    private readonly StateFolder folder;
    private readonly ServiceProvider services;
    private OrderStore? store;
    private ScreenBoard? screen;

    public AgentRun(DeviceId device, MerchantId merchant, MachineDisk disk, IMqttClient connection, ISpeaker speaker, VirtualTime time, Dice dice, Trace? trace)
    {
        folder = disk.Take();
        var settings = new AgentSettings
        {
            DeviceId = device,
            MerchantId = merchant,
            StateFolder = folder.Path,
            Broker = new("broker", 8883, "ca", "cert", "key"),
            ManagerPin = Pin,
        };
        var collection = new ServiceCollection();
        TraceLog.AddTo(collection, trace, device.Value[^2..]);
        AgentHost.AddParts(collection, settings, folder, _ => connection, speaker, time);
        collection.RemoveAll<ResendSchedule>();
        collection.RemoveAll<TillIdentity>();
        services = collection
            .AddTransient(_ => new ResendSchedule(dice)).AddSingleton(new TillIdentity(device, merchant) { Draw = dice.Draw }).BuildServiceProvider();
    }

    /// <summary>What is shown.</summary>
    public ScreenSnapshot Screen => (screen ??= services.GetRequiredService<ScreenBoard>()).Now;

    /// <summary>What is remembered.</summary>
    public OrderStore Store => store ??= services.GetRequiredService<OrderStore>();

    /// <summary>Its cards.</summary>
    public CardStore Cards => services.GetRequiredService<CardStore>();

    /// <summary>Its journals.</summary>
    public IReadOnlyList<Journal> Journals => services.GetRequiredService<CardTables>().Journals.All;

    /// <summary>The version of the feed that it has.</summary>
    public long FeedVersion => services.GetRequiredService<CardTables>().Feed.Get().Version;

    /// <summary>Starts everything, in the agent's own order.</summary>
    public async Task StartAsync(Life life)
    {
        // First, so that it can be let go of whatever becomes of the rest; that it cannot be opened is a violation.
        _ = Store;
        foreach (var part in services.GetServices<IHostedService>())
        {
            await part.StartAsync(WithoutLoop);
            if (part is BackgroundService loop)
                life.Start(() => Execute(loop, CancellationToken.None));
        }
    }

    /// <summary>Presses a key.</summary>
    public void Press(string key)
    {
        if (TillKey.TryParse(key, out var pressed))
            services.GetRequiredService<TillLoop>().Post(new KeyPressed(pressed));
    }

    /// <summary>Lays a card on the reader.</summary>
    public void Present(CardNo card) => services.GetRequiredService<TillLoop>().Post(new CardSignalled(new CardRead(card, CardSource.Chip)));

    /// <summary>Lets go of the database, for the next run or for the end of the case.</summary>
    public void Dispose()
    {
        store?.Dispose();
        folder.Dispose();
    }
}
