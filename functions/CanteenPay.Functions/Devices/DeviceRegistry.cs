using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>The machines: table <c>Devices</c>, partition = machine, rows <c>profile</c> and <c>status</c>.</summary>
internal sealed class DeviceRegistry(TableServiceClient tables, RegistryCache cache)
{
    /// <summary>Row of a machine's profile.</summary>
    public const string ProfileRow = "profile";

    /// <summary>Row of the last that was heard of a machine.</summary>
    public const string StatusRow = "status";

    private readonly TableClient _devices = tables.GetTableClient("Devices");

    /// <summary>A machine's profile, at most <see cref="RegistryCache.Freshness"/> old; null for a machine that is not enrolled.</summary>
    public Task<DeviceProfile?> FindAsync(DeviceId device, CancellationToken cancellationToken) =>
        cache.GetAsync($"device-{device}", () => _devices.GetEntityIfExistsAsync<DeviceProfile>(device.Value, ProfileRow, cancellationToken));

    /// <summary>Whether a machine serves a merchant by now: what <see cref="FindAsync"/> remembers may be from before it was moved.</summary>
    public async Task<bool> ServesAsync(DeviceId device, MerchantId merchant, CancellationToken cancellationToken) =>
        await _devices.GetEntityIfExistsAsync<DeviceProfile>(device.Value, ProfileRow, cancellationToken) is { IsActive: true } profile && profile.Merchant == merchant;

    /// <summary>The last that was heard of a machine; null when nothing was.</summary>
    public Task<DeviceStatusRow?> StatusAsync(DeviceId device, CancellationToken cancellationToken) =>
        _devices.GetEntityIfExistsAsync<DeviceStatusRow>(device.Value, StatusRow, cancellationToken);

    /// <summary>The machines that serve a merchant, blocked ones included. Looks at every machine there is: for nightly work and rare operations.</summary>
    public IAsyncEnumerable<DeviceProfile> ListAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var (row, id) = (ProfileRow, merchant.Value);
        return _devices.QueryAsync<DeviceProfile>(
            TableClient.CreateQueryFilter($"RowKey eq {row} and MerchantId eq {id}"), cancellationToken: cancellationToken);
    }

    /// <summary>Keeps the last status of a machine, for operators. Messages overtake each other: an older one changes nothing.</summary>
    public async Task SaveStatusAsync(DeviceStatusRow status, CancellationToken cancellationToken)
    {
        var last = await StatusAsync(status.Device, cancellationToken);
        if (last is null || last.HeardAt <= status.HeardAt)
            await _devices.UpsertEntityAsync(status with { Cards = status.Cards ?? last?.Cards }, TableUpdateMode.Replace, cancellationToken);
    }
}
