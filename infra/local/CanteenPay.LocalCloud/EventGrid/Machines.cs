using System.Text.Json;
using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>
/// The machines that the broker knows: each with a certificate and its lines in the access list, as a client of the Event Grid namespace in Azure. Noted in
/// <c>{state}/devices.json</c>, because whoever wrote a client there does not write it again.
/// </summary>
internal sealed class Machines
{
    private readonly Lock _gate = new();
    private readonly CertificateFolder _certificates;
    private readonly DeviceAccess _access;
    private readonly string _stateFolder;
    private volatile IReadOnlyList<Device> _all;

    internal Machines(CertificateFolder certificates, DeviceAccess access, string stateFolder)
    {
        (_certificates, _access, _stateFolder) = (certificates, access, stateFolder);
        _all = File.Exists(FileName) ? JsonSerializer.Deserialize(File.ReadAllBytes(FileName), CloudConfigJson.Default.IReadOnlyListDevice)! : [];
    }

    internal IReadOnlyList<Device> All => _all;

    /// <summary>Has a running broker read its access list again.</summary>
    internal Action Reload { get; set; } = () => { };

    /// <summary>A machine by its name, regardless of case; null when it is unknown.</summary>
    internal Device? Find(string name) => _all.FirstOrDefault(known => string.Equals(known.Id, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lets machines in; one that is known gets another merchant's topics if it has moved, and none if it is disabled.</summary>
    internal void Admit(IReadOnlyList<Device> devices)
    {
        lock (_gate)
        {
            Write([.. _all.Where(known => devices.All(d => d.Id != known.Id)), .. devices]);
        }
    }

    /// <summary>Forgets a machine; false when there was none.</summary>
    internal bool Remove(string name)
    {
        lock (_gate)
        {
            var known = Find(name);
            if (known is not null)
            {
                Write([.. _all.Where(machine => machine.Id != known.Id)]);
            }

            return known is not null;
        }
    }

    private void Write(IReadOnlyList<Device> all)
    {
        _all = all;
        _certificates.Ensure(_all.Select(d => d.Id));
        Mosquitto.WriteAccess(_stateFolder, _access, _all);
        File.WriteAllBytes($"{FileName}.new", JsonSerializer.SerializeToUtf8Bytes(_all, CloudConfigJson.Default.IReadOnlyListDevice));
        File.Move($"{FileName}.new", FileName, overwrite: true);
        Reload();
    }

    private string FileName => Path.Combine(_stateFolder, "devices.json");
}
