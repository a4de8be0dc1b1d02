using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.EventGrid;
using CanteenPay.LocalCloud.Faults;
using CanteenPay.LocalCloud.Http;
using CanteenPay.LocalCloud.ServiceBus;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Status;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>Event Grid: HTTP publish, routing into queues, the limit of a session, the clients of the namespace.</summary>
internal static class EventGridPart
{
    // As long as Event Grid tries again.
    private static readonly TimeSpan RouterSession = TimeSpan.FromHours(24);

    /// <returns>Faults when routing breaks, which it must not.</returns>
    internal static async Task<Task> StartAsync(
        CloudConfig config,
        PortBook ports,
        CertificateFolder certificates,
        Machines machines,
        string key,
        QueueStore queues,
        FaultBoard faults,
        Fronts fronts,
        Counters counters,
        Endings endings,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("EventGrid");
        var clients = new BrokerClients(ports["mqtt"], certificates, time);

        var routing = endings.Add("router", clients.Start("localcloud-router", maxReceived: 0, RouterSession));
        var upwards = endings.Add("machine-to-cloud", new MessageHop(faults[HopKind.MachineToCloud], time, logger));
        var router = new EventRouter(routing, queues, config.Subscriptions, upwards, counters, time, logger);
        var routed = router.RunAsync(CancellationToken.None);

        var watching = endings.Add("session limit", clients.Start("localcloud-sessions", maxReceived: 1000, TimeSpan.Zero));
        var limit = new SessionLimit(watching, clients, config.Access, machines, counters, logger);
        var watched = limit.RunAsync(CancellationToken.None);

        var publishing = endings.Add("publisher", clients.Start("localcloud-publisher", maxReceived: 0, TimeSpan.Zero));
        await Task.WhenAll(
            BrokerClients.WaitUntilConnectedAsync(routing, cancellationToken),
            BrokerClients.WaitUntilConnectedAsync(watching, cancellationToken),
            BrokerClients.WaitUntilConnectedAsync(publishing, cancellationToken));
        await router.SubscribeAsync(cancellationToken);
        await limit.SubscribeAsync(cancellationToken);

        var downwards = endings.Add("cloud-to-machine", new MessageHop(faults[HopKind.CloudToMachine], time, logger));
        var endpoint = new PublishEndpoint(publishing, key, downwards, counters, time, logger);
        var clientsOfNamespace = new NamespaceEndpoint(machines, key);
        endings.Add("Event Grid", await LocalServer.StartAsync(
            "Event Grid",
            ports["eventGrid"],
            loggers,
            server =>
            {
                fronts.EventGrid(server);
                endpoint.Map(server);
                clientsOfNamespace.Map(server);
            },
            cancellationToken));
        return Task.WhenAny(routed, watched).Unwrap();
    }
}
