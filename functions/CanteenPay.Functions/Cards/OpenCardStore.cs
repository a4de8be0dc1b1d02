using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>The table <c>OpenCards</c>: what the sweep guards of card money.</summary>
internal sealed class OpenCardStore(TableServiceClient tables, TimeProvider clock)
{
    private readonly TableClient _open = tables.GetTableClient("OpenCards");

    /// <summary>Guards a merchant's feed, before a change of an account is written. Each time anew: the row says since when there may be something.</summary>
    public Task GuardFeedAsync(MerchantId merchant, CancellationToken cancellationToken) => GuardAsync(new(merchant, Operation: null, clock.GetUtcNow()), cancellationToken);

    /// <summary>Guards an operation, before its header is written.</summary>
    public Task GuardOperationAsync(MerchantId merchant, string key, CancellationToken cancellationToken) =>
        GuardAsync(new(merchant, key, clock.GetUtcNow()), cancellationToken);

    /// <summary>Takes away the guard of an operation that is finished: the last step. Another may have done it before.</summary>
    public Task ReleaseOperationAsync(MerchantId merchant, string key, CancellationToken cancellationToken) =>
        ReleaseAsync(new(merchant, key, default, ETag.All), cancellationToken);

    /// <summary>Takes a guard away, unless somebody began something under it since it was read.</summary>
    public async Task ReleaseAsync(OpenCardRow guard, CancellationToken cancellationToken)
    {
        try
        {
            await _open.DeleteEntityAsync(guard.PartitionKey, guard.RowKey, guard.Version, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.PreconditionFailed)
        {
            // Gone is what was wanted; a newer one guards something newer.
        }
    }

    /// <summary>Notes that what is guarded only waits, unless somebody began something under it since it was read.</summary>
    public async Task NoteWaitingAsync(OpenCardRow guard, CancellationToken cancellationToken)
    {
        try
        {
            await _open.UpdateEntityAsync(guard with { Waits = true }, guard.Version, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.PreconditionFailed)
        {
            // It is finished, or asked for anew.
        }
    }

    /// <summary>The guards of a partition.</summary>
    public IAsyncEnumerable<OpenCardRow> ListAsync(string partition, CancellationToken cancellationToken) =>
        _open.QueryAsync<OpenCardRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);

    private async Task GuardAsync(OpenCardRow guard, CancellationToken cancellationToken) =>
        await _open.UpsertEntityAsync(guard, TableUpdateMode.Replace, cancellationToken);
}
