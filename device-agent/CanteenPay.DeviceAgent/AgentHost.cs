using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.DeviceAgent.Peripherals.Speaker;
using CanteenPay.DeviceAgent.Screen;
using CanteenPay.DeviceAgent.Settings;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Supervision;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.DeviceAgent.Terminal.Taps;
using CanteenPay.DeviceAgent.Voice;
using CanteenPay.Mqtt;
using CanteenPay.Protocol;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Serilog;

namespace CanteenPay.DeviceAgent;

/// <summary>Puts the agent together.</summary>
internal static class AgentHost
{
    private const long MaxBodyBytes = 1024;
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    /// <summary>The agent, ready to run.</summary>
    /// <param name="settings">What was read and checked.</param>
    /// <param name="folder">The state folder, held by the caller until the agent has ended.</param>
    /// <param name="connect">Makes the MQTT client.</param>
    /// <param name="speaker">Who speaks.</param>
    /// <param name="time">Time.</param>
    /// <param name="notice">The way to systemd, where it started this process; the caller's.</param>
    /// <exception cref="StateFolderException">The folder belongs to another machine.</exception>
    public static WebApplication Build(
        AgentSettings settings, StateFolder folder, Func<MqttOptions, IMqttClient> connect, ISpeaker speaker, TimeProvider time,
        ServiceNotice? notice = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = 64;
        });
        builder.WebHost.UseUrls(settings.ScreenUrl.GetLeftPart(UriPartial.Authority));
        AddLogs(builder.Logging, folder, settings.Disk);
        AddParts(builder.Services, settings, folder, connect, speaker, time);
        if (notice is not null)
        {
            builder.Services.AddSingleton(notice);
            Host<Watchdog>(builder.Services);
        }

        var app = builder.Build();
        app.Services.GetRequiredService<ScreenEndpoints>().Map(app);
        HealthEndpoint.Map(app);
        app.Lifetime.ApplicationStarted.Register(() => TellAddress(app, folder));
        app.Logger.Started(settings.DeviceId, settings.MerchantId, folder.Path);
        return app;
    }

    /// <summary>Runs the agent until it is told to stop; false when a part of it failed, so that whoever supervises the process starts it again.</summary>
    /// <remarks>A database that turned out to be damaged is noted, so that the next start sets it aside even where a quick look finds nothing.</remarks>
    public static async Task<bool> RunAsync(WebApplication app)
    {
        var folder = app.Services.GetRequiredService<StateFolder>();
        List<BackgroundService> parts = [.. app.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException)
        {
            // A part failed while the others were still being started.
        }

        var failures = parts.SelectMany(part => part.ExecuteTask?.Exception?.Flatten().InnerExceptions ?? []).ToList();
        if (failures.Find(DatabaseDamage.Is) is { } damage)
            DatabaseDamage.Suspect(folder, damage);
        return failures.Count == 0;
    }

    internal static void AddParts(
        IServiceCollection services, AgentSettings settings, StateFolder folder, Func<MqttOptions, IMqttClient> connect, ISpeaker speaker, TimeProvider time)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        services.AddSingleton(time);
        services.AddSingleton(settings.Limits);
        services.AddSingleton(folder);
        services.AddSingleton(speaker);
        services.AddSingleton(new TillIdentity(settings.DeviceId, settings.MerchantId));
        services.AddSingleton(Texts.In(settings.Language));
        services.AddSingleton(provider => DatabaseRescue.Open(
            folder, settings.DeviceId, settings.Disk.DatabaseBytes, time, provider.GetRequiredService<ILoggerFactory>().CreateLogger(nameof(DatabaseRescue))));
        services.AddSingleton(_ => connect(OptionsOf(settings)));
        services.AddTransient(_ => new ResendSchedule(Random.Shared));
        services.AddSingleton<MachineClock>();
        services.AddSingleton<Health>();
        services.AddSingleton<PaymentWatch>();
        services.AddSingleton<FaultReport>();
        services.AddSingleton(provider => new PinGuard(
            settings.ManagerPin, provider.GetRequiredService<OrderStore>(), provider.GetRequiredService<MachineClock>()));
        services.AddSingleton(new CardLimits(settings.Disk.UnsentEntries, settings.Disk.DatabaseBytes));
        services.AddSingleton<CardTables>();
        services.AddSingleton<CardStore>();
        services.AddSingleton<JournalUpload>();
        services.AddSingleton<FeedPull>();
        services.AddSingleton<Forgetting>();
        services.AddSingleton<CardLookout>();
        services.AddSingleton<TillEvents>();
        services.AddSingleton<TillEffects>();
        services.AddSingleton<Till>();
        services.AddSingleton<ScreenBoard>();
        services.AddSingleton<ViewComposer>();
        var reader = CardReaderChoice.Of(settings);
        services.AddSingleton(provider => new ReaderEndpoints(reader, provider.GetRequiredService<ILogger<ReaderEndpoints>>()));
        services.AddSingleton<ScreenEndpoints>();
        services.AddSingleton(provider => new Uplink(
            provider.GetRequiredService<IMqttClient>(), settings.DeviceId, time, provider.GetRequiredService<ILogger<Uplink>>()));
        // In this order: the till takes up the last run's orders before anything can arrive, and the link starts last.
        Host<Announcer>(services);
        Host<TillLoop>(services);
        services.AddHostedService(provider => new CardListener(
            reader, provider.GetRequiredService<TillLoop>(), provider.GetRequiredService<ILogger<CardListener>>()));
        Host<Outbox>(services);
        Host<StatusReporter>(services);
        Host<CardSync>(services);
        Host<CloudLink>(services);
    }

    private static void Host<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(IServiceCollection services)
        where TService : class, IHostedService
    {
        services.AddSingleton<TService>();
        services.AddHostedService(provider => provider.GetRequiredService<TService>());
    }

    private static MqttOptions OptionsOf(AgentSettings settings) => new()
    {
        Host = settings.Broker.Host,
        Port = settings.Broker.Port,
        ClientId = settings.DeviceId.Value,
        UserName = settings.DeviceId.Value,
        CaFile = settings.Broker.CaFile,
        CertificateFile = settings.Broker.CertificateFile,
        KeyFile = settings.Broker.KeyFile,
        Will = new(Topics.StatusUp(settings.DeviceId), DeviceMessageJson.Write(new DeviceOffline())),
    };

    private static void AddLogs(ILoggingBuilder logging, StateFolder folder, DiskLimits disk)
    {
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", Serilog.Events.LogEventLevel.Warning)
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {EventId} {Message:lj}{NewLine}{Exception}")
            .WriteTo.File(
                Path.Combine(folder.Path, "logs", "agent.log"),
                outputTemplate: "{Timestamp:o} {Level:u3} {EventId} {SourceContext} {Message:lj}{NewLine}{Exception}",
                fileSizeLimitBytes: disk.LogFileBytes,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: disk.LogFiles)
            .CreateLogger();
        logging.ClearProviders();
        logging.AddSerilog(logger, dispose: true);
    }

    /// <summary>With port 0 only the server knows where the screen is.</summary>
    private static void TellAddress(WebApplication app, StateFolder folder)
    {
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var partial = folder.ScreenFile + ".new";
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(new ScreenAddress(url), ScreenJson.Default.ScreenAddress));
        File.Move(partial, folder.ScreenFile, overwrite: true);
        app.Logger.ScreenServed(url);
    }
}
