using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Payments;

/// <summary>The table <c>OpenOrders</c>: what the sweep guards.</summary>
internal sealed class OpenOrderStore(TableServiceClient tables)
{
    private readonly TableClient _open = tables.GetTableClient("OpenOrders");

    /// <summary>Guards something new; false when the guard was there before.</summary>
    public async Task<bool> TryInsertAsync(OpenOrderRow guard, CancellationToken cancellationToken)
    {
        try
        {
            await _open.AddEntityAsync(guard, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>
    /// Guards what had ended and goes on after all, under a key of its own: somebody may just be taking the first guard away, as the last step of that end, and must not take this one.
    /// </summary>
    /// <returns>The key, to be stored by the write that lets it go on.</returns>
    public async Task<OpenOrderKey> GuardAgainAsync(OpenOrderRow guard, CancellationToken cancellationToken)
    {
        await _open.UpsertEntityAsync(guard, TableUpdateMode.Replace, cancellationToken);
        return guard.Key;
    }

    /// <summary>Whether a guard is still there: the last step of what it guards may not have been taken.</summary>
    public async Task<bool> IsThereAsync(OpenOrderKey? key, CancellationToken cancellationToken) =>
        key is not null && await _open.GetEntityIfExistsAsync<OpenOrderRow>(key.Partition, key.Row, cancellationToken) is not null;

    /// <summary>Takes a guard away: the very last step. Another may have done it before.</summary>
    public async Task DeleteAsync(OpenOrderKey key, CancellationToken cancellationToken)
    {
        try
        {
            await _open.DeleteEntityAsync(key.Partition, key.Row, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // Gone is what was wanted.
        }
    }

    /// <summary>The guards of a partition, the oldest first: a page of them is one operation, however many are young.</summary>
    public IAsyncEnumerable<OpenOrderRow> ListAsync(string partition, CancellationToken cancellationToken) =>
        _open.QueryAsync<OpenOrderRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken);
}
