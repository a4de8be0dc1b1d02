using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>Brings machines into the registry and to the broker, and changes what both say of them.</summary>
internal sealed class Enrolment(TableServiceClient tables, MachineRegistrar registrar)
{
    private const string KeyPrefix = "machine-";

    private readonly TableClient _devices = tables.GetTableClient("Devices");
    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>
    /// Enrols a machine under a key, once: its id is drawn at random and noted before the machine is there. Its id, whether it is new, and whether the broker
    /// knows it by now; null when the key names another machine.
    /// </summary>
    public async Task<(DeviceId Device, bool IsNew, bool IsTold)?> EnrolAsync(MerchantId merchant, string key, string name, CancellationToken cancellationToken)
    {
        var drawn = new KeyRow(merchant, key, DeviceId.New(), name);
        var kept = await AddAsync(_merchants, drawn, cancellationToken)
            ? drawn
            : await _merchants.GetEntityAsync<KeyRow>(merchant.Value, KeyPrefix + key, cancellationToken);
        if (kept.Name != name)
            return null;
        // There already: it was enrolled before, and may be blocked or elsewhere by now.
        if (await FindAsync(kept.Device, cancellationToken) is not null)
            return (kept.Device, false, await registrar.TellAgainAsync(kept.Device, cancellationToken));
        var mark = await registrar.MarkAsync(kept.Device, cancellationToken);
        var isNew = await AddAsync(_devices, new DeviceProfile(kept.Device, merchant, name, IsActive: true), cancellationToken);
        return (kept.Device, isNew, await registrar.TellAsync(mark, cancellationToken));
    }

    /// <summary>A machine as the registry has it now; null when it is not enrolled.</summary>
    public Task<DeviceProfile?> FindAsync(DeviceId device, CancellationToken cancellationToken) =>
        _devices.GetEntityIfExistsAsync<DeviceProfile>(device.Value, DeviceRegistry.ProfileRow, cancellationToken);

    /// <summary>Changes a machine: whether the broker works by it now; null when somebody else changed it since it was read.</summary>
    public async Task<bool?> TryChangeAsync(DeviceProfile next, CancellationToken cancellationToken)
    {
        var mark = await registrar.MarkAsync(next.Id, cancellationToken);
        return await new MerchantTransaction().Replace(next, next.Version).TryWriteAsync(_devices, cancellationToken) is null
            ? null
            : await registrar.TellAsync(mark, cancellationToken);
    }

    /// <summary>A machine is to be as it is already: whether the broker works by that.</summary>
    public Task<bool> ConfirmAsync(DeviceProfile machine, CancellationToken cancellationToken) => registrar.TellAgainAsync(machine.Id, cancellationToken);

    private static async Task<bool> AddAsync<T>(TableClient table, T row, CancellationToken cancellationToken)
        where T : class, ITableEntity<T>
    {
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Row <c>machine-{key}</c> of a merchant: which machine was enrolled under a key.</summary>
    private sealed record KeyRow(MerchantId Merchant, string Key, DeviceId Device, string Name) : ITableEntity<KeyRow>
    {
        public TableEntity ToTableEntity() => new(Merchant.Value, KeyPrefix + Key) { ["DeviceId"] = Device.Value, ["Name"] = Name };

        public static KeyRow FromTableEntity(TableEntity row) =>
            new(MerchantId.Parse(row.PartitionKey), row.RowKey[KeyPrefix.Length..], DeviceId.Parse(row.Text("DeviceId")), row.Text("Name"));
    }
}
