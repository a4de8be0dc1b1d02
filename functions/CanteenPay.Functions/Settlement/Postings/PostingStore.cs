using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>The table <c>Postings</c>.</summary>
internal sealed class PostingStore(TableServiceClient tables)
{
    /// <summary>Its name.</summary>
    public const string Table = "Postings";

    private readonly TableClient _postings = tables.GetTableClient(Table);

    /// <summary>Writes a posting once.</summary>
    /// <returns>The posting that is there: when it was made is the first writer's to say.</returns>
    /// <exception cref="InvalidOperationException">Another posting has its key: two events under one key are never both right.</exception>
    public async Task<Posting> InsertAsync(PostingRow posting, CancellationToken cancellationToken)
    {
        try
        {
            await _postings.AddEntityAsync(posting, cancellationToken);
            return posting.Posting;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            var there = await FindAsync(posting.Merchant, posting.Day, posting.Posting.Key, cancellationToken);
            return there is not null && there.Posting with { IsBelated = posting.Posting.IsBelated } == posting.Posting
                ? there.Posting
                : throw new InvalidOperationException($"The posting {posting.Posting.Key} of {posting.Merchant} on {posting.Day:yyyy-MM-dd} is there with another content.", e);
        }
    }

    /// <summary>Writes a posting that is not there; false when one is under its key.</summary>
    /// <exception cref="InvalidOperationException">Another posting has its key.</exception>
    public async Task<bool> TryInsertAsync(PostingRow posting, CancellationToken cancellationToken)
    {
        if (await FindAsync(posting.Merchant, posting.Day, posting.Posting.Key, cancellationToken) is not null)
            return false;
        await InsertAsync(posting, cancellationToken);
        return true;
    }

    /// <summary>A posting; null when there is none under the key.</summary>
    public Task<PostingRow?> FindAsync(MerchantId merchant, DateOnly day, string key, CancellationToken cancellationToken) =>
        _postings.GetEntityIfExistsAsync<PostingRow>(PostingRow.Partition(merchant, day), key, cancellationToken);

    /// <summary>A merchant's day in the order of its keys, read page by page.</summary>
    public IAsyncEnumerable<Posting> ReadAsync(MerchantId merchant, DateOnly day, CancellationToken cancellationToken)
    {
        var partition = PostingRow.Partition(merchant, day);
        return _postings.QueryAsync<PostingRow>(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellationToken: cancellationToken)
            .Select(row => row.Posting);
    }
}
