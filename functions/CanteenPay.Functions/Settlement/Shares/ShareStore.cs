using System.Globalization;
using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>The table <c>Shares</c>: the distributors' accounts.</summary>
internal sealed class ShareStore(TableServiceClient tables)
{
    /// <summary>Its name.</summary>
    public const string Table = "Shares";

    private readonly TableClient _shares = tables.GetTableClient(Table);

    /// <summary>
    /// Posts what a revision of a statement changes for each distributor: its part there less its part in the revision before, nothing where they are equal. Doing it again changes
    /// nothing, so whoever was cut off may begin anew.
    /// </summary>
    /// <param name="revision">The revision's number, from 1.</param>
    /// <param name="statement">The revision.</param>
    /// <param name="previous">The revision before; null for the first.</param>
    /// <param name="now">The time of posting, whose month gets it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Another amount was posted for this revision: revisions never change, so somebody's did.</exception>
    public async Task PostAsync(int revision, Statement statement, Statement? previous, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var parts = new SortedDictionary<string, (DistributorId Distributor, Fen Change)>(StringComparer.Ordinal);
        foreach (var part in statement.DistributorParts)
            parts[part.Distributor.Value] = (part.Distributor, part.Part);
        foreach (var part in previous?.DistributorParts ?? [])
            parts[part.Distributor.Value] = (part.Distributor, parts.GetValueOrDefault(part.Distributor.Value).Change - part.Part);
        foreach (var (distributor, change) in parts.Values.Where(part => part.Change != Fen.Zero))
        {
            var key = ShareKeys.OfShare(statement.Day, statement.Merchant, revision);
            var entry = new ShareRow(distributor, key, ShareKind.Share, change, now) { Day = statement.Day, Merchant = statement.Merchant, Revision = revision };
            await InsertAsync(entry, cancellationToken);
        }
    }

    /// <summary>Adds an entry once: one that is there under its key is left as it is.</summary>
    /// <returns>What is there now.</returns>
    /// <exception cref="InvalidOperationException">It is there with another amount.</exception>
    public async Task<ShareRow> InsertAsync(ShareRow entry, CancellationToken cancellationToken)
    {
        try
        {
            await _shares.AddEntityAsync(entry, cancellationToken);
            return entry;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            var there = await FindAsync(entry.Distributor, entry.Key, cancellationToken);
            if (there?.Amount == entry.Amount)
                return there;
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The entry {entry.Key} of distributor {entry.Distributor} is {there?.Amount.Value} fen and not {entry.Amount.Value}."), e);
        }
    }

    /// <summary>An entry; null when there is none under the key.</summary>
    public async Task<ShareRow?> FindAsync(DistributorId distributor, string key, CancellationToken cancellationToken) =>
        ShareKeys.IsEntry(key) ? await _shares.GetEntityIfExistsAsync<ShareRow>(distributor.Value, key, cancellationToken) : null;

    /// <summary>All entries of an account, by their keys.</summary>
    public IAsyncEnumerable<ShareRow> ListAsync(DistributorId distributor, CancellationToken cancellationToken)
    {
        var (partition, first) = (distributor.Value, "");
        // What else is in the partition has no month.
        return _shares.QueryAsync<ShareRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Month ge {first}"), cancellationToken: cancellationToken);
    }

    /// <summary>The entries of an account that were posted until the end of a month, by their keys.</summary>
    public IAsyncEnumerable<ShareRow> UpToAsync(DistributorId distributor, ShareMonth month, CancellationToken cancellationToken)
    {
        var (partition, last) = (distributor.Value, month.Key);
        return _shares.QueryAsync<ShareRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Month le {last}"), cancellationToken: cancellationToken);
    }

    /// <summary>The service fees of an account.</summary>
    public IAsyncEnumerable<ShareRow> FeesAsync(DistributorId distributor, CancellationToken cancellationToken) =>
        _shares.QueryAsync<ShareRow>(MerchantKeyRange.Filter(distributor.Value, ShareKeys.Fee), cancellationToken: cancellationToken);
}
