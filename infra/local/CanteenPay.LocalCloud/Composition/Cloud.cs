using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Host;
using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.Otlp;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.ServiceBus;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Status;
using CanteenPay.LocalCloud.Tables;
using CanteenPay.LocalCloud.Walk;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>All parts together, started in the order in which they need each other and ended in the reverse.</summary>
internal sealed class Cloud : IAsyncDisposable
{
    // What the platform takes is not known; the start of the process comes on top.
    private static readonly TimeSpan ReplacementTime = TimeSpan.FromSeconds(2);

    private readonly Endings _endings;

    private Cloud(Endings endings, CloudAddresses addresses, Task broken)
    {
        (_endings, Addresses, Broken) = (endings, addresses, broken);
    }

    internal CloudAddresses Addresses { get; }

    /// <summary>Completes, normally with an exception, when a part broke that nothing starts again.</summary>
    internal Task Broken { get; }

    /// <summary>Starts everything; what was started is ended again when it fails.</summary>
    /// <exception cref="LocalCloudException">The message says which part or setting, and what to do.</exception>
    /// <exception cref="FunctionsHostException">The function app cannot be run.</exception>
    internal static async Task<Cloud> StartAsync(CloudOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var endings = new Endings(loggers.CreateLogger("LocalCloud"));
        try
        {
            return await StartPartsAsync(options, endings, time, loggers, cancellationToken);
        }
        catch
        {
            await endings.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _endings.DisposeAsync();

    private static async Task<Cloud> StartPartsAsync(
        CloudOptions options, Endings endings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var config = CloudConfig.Read(options.ConfigFile);
        ProgramsPart.RefuseUnknownFolders(options, config);
        var state = endings.Add("state folder", new StateFolder(options.StateFolder));
        foreach (var program in config.Programs)
        {
            await SupervisedProgram.EndLeftBehindAsync(state.Path, program.Name);
        }

        await LeftBehind.EndHandlersAsync(state.Path, loggers.CreateLogger("Processes"));
        using var ports = new PortBook(options);
        AllotPorts(ports, config, state);
        var keys = CloudKeys.ReadOrDraw(state.Path);
        var addresses = CloudAddresses.Of(ports, keys, config.Programs, state.Path);
        var placeholders = addresses.Placeholders(ports, config.Personas ?? [], state.Path);
        var appSettings = AppSettings(options, config, placeholders);
        var app = FunctionApp.Read(options.AppFolder, appSettings);
        var programs = new ProgramsPart(config, options, addresses, ports, endings, time, loggers);
        ports.Dispose();

        var counters = new Counters();
        var faults = new FaultBoard();
        FunctionsHost? running = null;
        var kills = new HandlerKills(faults[HopKind.HandlerKill], () => running?.KillHandlersAsync() ?? Task.CompletedTask, loggers.CreateLogger("Faults"));
        var fronts = new Fronts(faults, kills, time);
        var login = await LoginPart.StartAsync(config, ports, addresses.Login, state.Path, endings, time, loggers, cancellationToken);
        var infrastructure = await Infrastructure.StartAsync(options, config, ports, endings, time, loggers, cancellationToken);
        var proxy = endings.Add("tables", new CountingProxy(ports["azurite"], counters, loggers.CreateLogger("Tables")));
        endings.Add("tables", await LocalServer.StartAsync(
            "tables",
            ports["tables"],
            loggers,
            server =>
            {
                fronts.Tables(server);
                server.Run(proxy.HandleAsync);
            },
            cancellationToken));

        var queues = endings.Add("queues", new QueueStore(
            new() { File = Path.Combine(state.Path, "servicebus.db"), Queues = QueuesOf(app, config), TimeScale = options.TimeScale }, time));
        endings.Add("Service Bus", await LocalServer.StartAsync(
            "Service Bus",
            ports["serviceBus"],
            loggers,
            server =>
            {
                fronts.ServiceBus(server);
                server.Use(SendCounter.Middleware(counters));
                ServiceBusEndpoints.Map(server, queues, keys.Sas, time);
            },
            cancellationToken));

        var host = endings.Add("Functions host", new FunctionsHost(
            app,
            new()
            {
                StateFolder = state.Path,
                AppSettings = appSettings,
                PerFunctionGroup = options.PerFunctionGroup,
                TimeScale = options.TimeScale,
                ReplacementTime = ReplacementTime,
            },
            queues,
            time,
            loggers,
            deliveries: faults[HopKind.QueueDelivery]));
        running = host;
        endings.Add("front door", await LocalServer.StartAsync(
            "the Functions host",
            ports["functions"],
            loggers,
            server =>
            {
                fronts.FrontDoor(server);
                host.MapFrontDoor(server);
            },
            cancellationToken));
        var (spans, metrics) = (new SpanBook(), new MetricBook());
        var statusPage = new StatusEndpoints(
            () => new(addresses, DinersStatus.Of(metrics, spans), [infrastructure.Azurite.Status, infrastructure.Mosquitto.Status, .. programs.Status], host.Status(), queues.Status(), faults.Read(), counters.Read()),
            () =>
            {
                counters.Reset();
                queues.ResetCounters();
            });
        endings.Add("status page", await LocalServer.StartAsync(
            "the status page",
            ports["status"],
            loggers,
            server =>
            {
                statusPage.Map(server);
                new OtlpEndpoints(spans, metrics).Map(server);
                ControlEndpoints.Map(server, queues, host);
                login.MapControl(server);
                new FaultEndpoints(faults, kills).Map(server);
            },
            cancellationToken));

        var broken = await EventGridPart.StartAsync(
            config, ports, infrastructure.Certificates, infrastructure.Machines, keys.EventGrid, queues, faults, fronts, counters, endings, time, loggers, cancellationToken);
        await host.StartAsync(cancellationToken);
        await host.WhenReadyAsync(cancellationToken);
        await programs.StartAsync(beforeRequests: true, placeholders, cancellationToken);
        using (var walker = new Walker(WalkFile.Of(state.Path), login.TokenOf, placeholders, time))
        {
            placeholders = placeholders.With(await walker.WalkAsync(config.Requests ?? [], cancellationToken));
        }

        infrastructure.Machines.Admit([.. config.Devices.Select(d => d.Filled(placeholders))]);
        await programs.StartAsync(beforeRequests: false, placeholders, cancellationToken);

        addresses.Write(state.EndpointsFile);
        return new(endings, addresses, broken);
    }

    /// <summary>A queue is declared by the trigger that reads it or by the subscription that fills it.</summary>
    private static List<string> QueuesOf(FunctionApp app, CloudConfig config) =>
        [.. app.Queues.Concat(config.Subscriptions.Select(s => s.Queue)).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static void AllotPorts(PortBook ports, CloudConfig config, StateFolder state)
    {
        ports.Allot("status", "the status page", 7070);
        ports.Allot("functions", "the Functions host", 7071);
        ports.Allot("serviceBus", "Service Bus", 7072);
        ports.Allot("eventGrid", "Event Grid", 7073);
        ports.Allot("tables", "the counting front of the tables", 7074);
        ports.Allot("login", "the sign-in", 7075);
        ports.Allot("blobs", "Azurite's blobs", 10000, state.RunningSecondPort(Azurite.Name));
        ports.Allot("azurite", "Azurite's tables", 10002, state.RunningPort(Azurite.Name));
        ports.Allot("mqtt", "the MQTT broker (mosquitto)", 8883, state.RunningPort(Mosquitto.Name));
        foreach (var program in config.Programs)
        {
            ports.Allot(program.Name, $"the program {program.Name}", program.Port);
        }

        ports.RefuseUnknownNames();
    }

    private static Dictionary<string, string> AppSettings(CloudOptions options, CloudConfig config, Placeholders placeholders)
    {
        var settings = config.AppSettings.ToDictionary(s => s.Key, s => placeholders.Fill(s.Value, $"appSettings, {s.Key}"));
        foreach (var (name, value) in options.AppSettings)
        {
            settings[name] = placeholders.Fill(value, $"--app-setting {name}");
        }

        settings[LeftBehind.Marker] = options.StateFolder;

        return settings;
    }
}
