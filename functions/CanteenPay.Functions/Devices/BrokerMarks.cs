using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices;

/// <summary>The marks of machines that the broker may know too little of.</summary>
internal sealed class BrokerMarks(TableServiceClient tables, TimeProvider clock)
{
    private const int MaxConflicts = 10;

    /// <summary>Longer than a telling takes: <see cref="Azure.ResourceManager.ResourceManagerOptions.Patience"/> and a few rows.</summary>
    internal static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    private readonly TableClient _marks = tables.GetTableClient("Devices");

    /// <summary>Marks a machine that is about to be changed. Who is telling the broker meanwhile stays the one who does.</summary>
    public async Task<BrokerMark> SetAsync(DeviceId device, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            var now = clock.GetUtcNow();
            var next = await FindAsync(device, cancellationToken) is { } known ? known with { Since = now } : new BrokerMark(device, now, HeldUntil: now);
            if (await TryWriteAsync(next, cancellationToken) is { } written)
                return written;
        }

        throw new InvalidOperationException($"The mark of machine {device} was written by others {MaxConflicts} times in a row.");
    }

    /// <summary>A machine's mark; null when the broker knows all.</summary>
    public Task<BrokerMark?> FindAsync(DeviceId device, CancellationToken cancellationToken) =>
        _marks.GetEntityIfExistsAsync<BrokerMark>(BrokerMark.Partition, device.Value, cancellationToken);

    /// <summary>All marks.</summary>
    public IAsyncEnumerable<BrokerMark> ListAsync(CancellationToken cancellationToken)
    {
        var partition = BrokerMark.Partition;
        return _marks.QueryAsync<BrokerMark>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
    }

    /// <summary>Takes it upon itself to tell the broker; null when somebody else does, or marked it anew since it was read.</summary>
    public async Task<BrokerMark?> TryHoldAsync(BrokerMark mark, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return mark.HeldUntil > now ? null : await TryWriteAsync(mark with { HeldUntil = now + Hold }, cancellationToken);
    }

    /// <summary>The broker knows all, unless somebody marked the machine anew: then the mark stays.</summary>
    /// <returns>Whether it is gone.</returns>
    public async Task<bool> TryClearAsync(BrokerMark mark, CancellationToken cancellationToken)
    {
        try
        {
            await _marks.DeleteEntityAsync(BrokerMark.Partition, mark.Device.Value, mark.Version, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return e.Status == (int)HttpStatusCode.NotFound;
        }
    }

    private async Task<BrokerMark?> TryWriteAsync(BrokerMark mark, CancellationToken cancellationToken)
    {
        try
        {
            var version = mark.Version == default
                ? await _marks.AddEntityAsync(mark, cancellationToken)
                : await _marks.UpdateEntityAsync(mark, mark.Version, TableUpdateMode.Replace, cancellationToken);
            return mark with { Version = version };
        }
        catch (RequestFailedException e) when (
            e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
