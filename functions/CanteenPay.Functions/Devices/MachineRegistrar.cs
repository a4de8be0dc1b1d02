using Azure;
using Azure.Identity;
using CanteenPay.Azure.ResourceManager;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>
/// Tells the broker what the registry says of machines. First the mark, then the registry, then the broker, then the mark goes: whoever is killed on the way leaves a
/// mark, by which the sweep tells the broker again. One at a time tells it of a machine, so that no older word comes after a newer one.
/// </summary>
internal sealed class MachineRegistrar(
    TableServiceClient tables, BrokerMarks marks, EventGridNamespaceClients broker, TimeProvider clock, ILogger<MachineRegistrar> logger)
{
    /// <summary>No invocation lives as long: whoever set an older mark has written the registry, or never will.</summary>
    internal static readonly TimeSpan LongestChange = TimeSpan.FromMinutes(7);

    private readonly TableClient _devices = tables.GetTableClient("Devices");

    /// <summary>Before a machine is changed.</summary>
    public Task<BrokerMark> MarkAsync(DeviceId device, CancellationToken cancellationToken) => marks.SetAsync(device, cancellationToken);

    /// <summary>After a machine was changed under a mark: whether the broker works by it now. If not, somebody else is telling it, or the sweep will.</summary>
    public async Task<bool> TellAsync(BrokerMark mark, CancellationToken cancellationToken) =>
        await marks.TryHoldAsync(mark, cancellationToken) is { } held
        && await TryTellAsync(held, cancellationToken)
        && await marks.TryClearAsync(held, cancellationToken);

    /// <summary>
    /// When a change is asked for that was made before: whether the broker works by it. It is told in any case: somebody may have changed the client by hand, and whoever asks again
    /// wants to be sure.
    /// </summary>
    public async Task<bool> TellAgainAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (await marks.FindAsync(device, cancellationToken) is not { } mark)
            return await TellAsync(await MarkAsync(device, cancellationToken), cancellationToken);
        // The mark is left to the sweep: another's change may be under way below it.
        return await marks.TryHoldAsync(mark, cancellationToken) is { } held && await TryTellAsync(held, cancellationToken);
    }

    /// <summary>Takes up what somebody left.</summary>
    /// <exception cref="RequestFailedException">The broker's namespace refused, or was not reached.</exception>
    public async Task SweepAsync(BrokerMark mark, CancellationToken cancellationToken)
    {
        if (await marks.TryHoldAsync(mark, cancellationToken) is not { } held)
            return;
        await WriteAsync(held.Device, cancellationToken);
        // While somebody may still be about to write the registry, the mark has to stay: the broker is told once more.
        if (clock.GetUtcNow() - mark.Since > LongestChange)
            await marks.TryClearAsync(held, cancellationToken);
    }

    private async Task<bool> TryTellAsync(BrokerMark held, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(held.Device, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException)
        {
            // The registry holds the change, and the mark is there.
            MerchantLog.BrokerNotTold(logger, e, held.Device.Value, held.Since);
            return false;
        }
    }

    private async Task WriteAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (await _devices.GetEntityIfExistsAsync<DeviceProfile>(device.Value, DeviceRegistry.ProfileRow, cancellationToken) is not { } machine)
            return;
        await broker.CreateOrUpdateAsync(device.Value, ClientOf(machine), cancellationToken);
    }

    /// <summary>What the broker is to know of a machine; the attributes are those that <c>modules/broker.bicep</c> goes by.</summary>
    internal static EventGridNamespaceClient ClientOf(DeviceProfile machine) => new(
        machine.Id.Value,
        machine.IsActive,
        new Dictionary<string, string> { ["kind"] = "machine", ["merchant"] = machine.Merchant.Value });
}
