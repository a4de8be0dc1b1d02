using System.Security.Cryptography;
using System.Text;
using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Processes;

/// <summary>The MQTT broker: TLS, a client certificate for everybody, and what each may publish and read.</summary>
internal static class Mosquitto
{
    internal const string Name = "mosquitto";

    /// <exception cref="LocalCloudException">It is not installed.</exception>
    internal static ProgramSpec Spec(string stateFolder, int port, CertificateFolder certificates)
    {
        var program = Executable.Find(Name, "Run \"apt-get install mosquitto\".");
        var folder = Folder(stateFolder);
        var configuration = Configuration(folder, port, certificates);
        return new()
        {
            Name = Name,
            FileName = program,
            Arguments = ["-c", Path.Combine(folder, "mosquitto.conf")],
            Address = $"mqtts://127.0.0.1:{port}",
            Port = port,
            IsReady = cancellation => Readiness.ListensAsync(port, cancellation),
            BeforeStart = () =>
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, "mosquitto.conf"), configuration);
            },
            Adoptable = true,
            // A broker that was started before a new authority was made would trust nobody of today.
            Fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(configuration + File.ReadAllText(certificates.CaFile)))),
        };
    }

    /// <summary>Writes the access list, without machines that are disabled; a running broker reads it again on SIGHUP, and goes by it for living connections too.</summary>
    internal static void WriteAccess(string stateFolder, DeviceAccess access, IEnumerable<Device> devices)
    {
        var list = new StringBuilder();
        list.Append($"user {CertificateFolder.OperatorName}\ntopic readwrite #\ntopic read $SYS/#\n");
        foreach (var device in devices.Where(d => d.Enabled))
        {
            list.Append($"\nuser {device.Id}\n");
            foreach (var topic in access.Write)
            {
                list.Append($"topic write {Fill(topic, device)}\n");
            }

            foreach (var topic in access.Read)
            {
                list.Append($"topic read {Fill(topic, device)}\n");
            }
        }

        Directory.CreateDirectory(Folder(stateFolder));
        File.WriteAllText(Path.Combine(Folder(stateFolder), "acl"), list.ToString());
    }

    internal static string Fill(string topic, Device device) =>
        topic.Replace("{device}", device.Id, StringComparison.Ordinal).Replace("{merchant}", device.Merchant, StringComparison.Ordinal);

    private static string Folder(string stateFolder) => Path.Combine(stateFolder, Name);

    // Queues are kept by autosave: a broker that is killed would else forget sessions and what waits in them.
    // They are unbounded here; Event Grid's bound, which ends a session, is kept by SessionLimit.
    private static string Configuration(string folder, int port, CertificateFolder certificates) => $"""
        listener {port} 127.0.0.1
        user {Environment.UserName}
        cafile {certificates.CaFile}
        certfile {certificates.Broker.CertificateFile}
        keyfile {certificates.Broker.KeyFile}
        require_certificate true
        use_identity_as_username true
        allow_anonymous false
        acl_file {Path.Combine(folder, "acl")}
        max_queued_messages 0
        message_size_limit 524288
        set_tcp_nodelay true
        persistence true
        persistence_location {folder}/
        autosave_on_changes true
        autosave_interval 1
        connection_messages true
        log_dest stdout
        log_dest topic
        log_type error
        log_type warning
        log_type notice

        """;
}
