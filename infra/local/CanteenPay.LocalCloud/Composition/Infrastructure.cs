using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.EventGrid;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;
using CanteenPay.LocalCloud.Tables;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The two foreign programs everything stands on: Azurite with its tables and containers, mosquitto with its certificates and access list.</summary>
internal sealed record Infrastructure(SupervisedProgram Azurite, SupervisedProgram Mosquitto, CertificateFolder Certificates, Machines Machines)
{
    /// <exception cref="LocalCloudException">One of them is not installed or does not serve.</exception>
    internal static async Task<Infrastructure> StartAsync(
        CloudOptions options, CloudConfig config, PortBook ports, Endings endings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Processes");
        var certificates = new CertificateFolder(Path.Combine(options.StateFolder, "certificates"), time);
        var machines = new Machines(certificates, config.Access, options.StateFolder);
        // The others are admitted when the walk has told their numbers.
        machines.Admit([.. config.Devices.Where(d => !d.Id.Contains('{', StringComparison.Ordinal))]);

        var nodeModules = Path.Combine(Path.GetDirectoryName(options.ConfigFile)!, "node_modules");
        var azurite = endings.Add(Processes.Azurite.Name, new SupervisedProgram(
            Processes.Azurite.Spec(nodeModules, options.StateFolder, ports["azurite"], ports["blobs"]), options.StateFolder, time, logger));
        var mosquitto = endings.Add(Processes.Mosquitto.Name, new SupervisedProgram(
            Processes.Mosquitto.Spec(options.StateFolder, ports["mqtt"], certificates), options.StateFolder, time, logger));
        await Task.WhenAll(azurite.StartAsync(cancellationToken), mosquitto.StartAsync(cancellationToken));
        // An adopted broker has an older access list in mind.
        machines.Reload = () => mosquitto.Signal(Signals.Hangup);
        machines.Reload();
        await CreateAsync(config, ports, time, cancellationToken);
        return new(azurite, mosquitto, certificates, machines);
    }

    private static async Task CreateAsync(CloudConfig config, PortBook ports, TimeProvider time, CancellationToken cancellationToken)
    {
        using var storage = new StorageRequests(ports["azurite"], ports["blobs"], time);
        foreach (var table in config.Tables)
        {
            await storage.CreateTableAsync(table, cancellationToken);
        }

        foreach (var container in config.Containers ?? [])
        {
            await storage.CreateContainerAsync(container, cancellationToken);
        }
    }
}
