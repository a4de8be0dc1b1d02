using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Seed;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Composition;

/// <summary>The two foreign programs everything stands on: Azurite with its tables and rows, mosquitto with its certificates and access list.</summary>
internal sealed record Infrastructure(SupervisedProgram Azurite, SupervisedProgram Mosquitto, CertificateFolder Certificates)
{
    /// <exception cref="LocalCloudException">One of them is not installed or does not serve.</exception>
    internal static async Task<Infrastructure> StartAsync(
        CloudOptions options, CloudConfig config, PortBook ports, Endings endings, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Processes");
        var certificates = new CertificateFolder(Path.Combine(options.StateFolder, "certificates"), time);
        certificates.Ensure(config.Devices.Select(d => d.Id));
        Processes.Mosquitto.WriteAccess(options.StateFolder, config.Access, config.Devices);

        var nodeModules = Path.Combine(Path.GetDirectoryName(options.ConfigFile)!, "node_modules");
        var azurite = endings.Add(Processes.Azurite.Name, new SupervisedProgram(
            Processes.Azurite.Spec(nodeModules, options.StateFolder, ports["azurite"]), options.StateFolder, time, logger));
        var mosquitto = endings.Add(Processes.Mosquitto.Name, new SupervisedProgram(
            Processes.Mosquitto.Spec(options.StateFolder, ports["mqtt"], certificates), options.StateFolder, time, logger));
        await Task.WhenAll(azurite.StartAsync(cancellationToken), mosquitto.StartAsync(cancellationToken));
        // An adopted broker has an older access list in mind.
        mosquitto.Signal(Signals.Hangup);
        await SeedAsync(config, ports["azurite"], time, cancellationToken);
        return new(azurite, mosquitto, certificates);
    }

    private static async Task SeedAsync(CloudConfig config, int azuritePort, TimeProvider time, CancellationToken cancellationToken)
    {
        using var tables = new TableRequests(azuritePort, time);
        foreach (var table in config.Tables)
        {
            await tables.CreateTableAsync(table, cancellationToken);
        }

        foreach (var row in config.Seed)
        {
            await tables.UpsertAsync(row, cancellationToken);
        }
    }
}
