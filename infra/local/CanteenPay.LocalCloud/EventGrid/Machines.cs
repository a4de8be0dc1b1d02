using System.Text.Json;
using CanteenPay.LocalCloud.Certificates;
using CanteenPay.LocalCloud.Processes;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.EventGrid;

/// <summary>
/// The machines that the broker knows: each with a certificate and its lines in the access list, as a client of the Event Grid namespace in Azure. Noted in
/// <c>{state}/devices.json</c>, so that one that was admitted by hand stays.
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

    /// <summary>Lets machines in; one that is known gets another merchant's topics if it has moved.</summary>
    internal void Admit(IReadOnlyList<Device> devices)
    {
        lock (_gate)
        {
            _all = [.. _all.Where(known => devices.All(d => d.Id != known.Id)), .. devices];
            _certificates.Ensure(_all.Select(d => d.Id));
            Mosquitto.WriteAccess(_stateFolder, _access, _all);
            File.WriteAllBytes($"{FileName}.new", JsonSerializer.SerializeToUtf8Bytes(_all, CloudConfigJson.Default.IReadOnlyListDevice));
            File.Move($"{FileName}.new", FileName, overwrite: true);
            Reload();
        }
    }

    private string FileName => Path.Combine(_stateFolder, "devices.json");
}
