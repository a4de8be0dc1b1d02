using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>The table <c>Cards</c>: one partition a merchant, keys in <see cref="CardKeys"/>.</summary>
internal sealed class CardStore(TableServiceClient tables, RegistryCache cache)
{
    /// <summary>Point reads at once: as many as a batch can name accounts.</summary>
    private const int ReadsAtOnce = CardEntries.MaxEntries;

    private readonly TableClient _cards = tables.GetTableClient(CardKeys.Cards);

    /// <summary>A row, or null.</summary>
    public Task<T?> FindAsync<T>(MerchantId merchant, string rowKey, CancellationToken cancellationToken)
        where T : class, ITableEntity<T> => _cards.GetEntityIfExistsAsync<T>(merchant.Value, rowKey, cancellationToken);

    /// <summary>Rows whose keys begin so, in the order of their keys.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="prefix">Ends with the hyphen or dot of <see cref="CardKeys"/>.</param>
    /// <param name="maxPerPage">How many are fetched at once; null for as many as can be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<T> ListAsync<T>(MerchantId merchant, string prefix, int? maxPerPage, CancellationToken cancellationToken)
        where T : class, ITableEntity<T> => RangeAsync<T>(merchant, prefix, AfterPrefix(prefix), maxPerPage, cancellationToken);

    /// <summary>An account, or null.</summary>
    public Task<AccountRow?> AccountAsync(MerchantId merchant, AccountId account, CancellationToken cancellationToken) =>
        FindAsync<AccountRow>(merchant, CardKeys.Account(account), cancellationToken);

    /// <summary>Accounts by point reads side by side (a filter of many keys would be slow); those that are not there are absent.</summary>
    public async Task<IReadOnlyDictionary<AccountId, AccountRow>> AccountsAsync(
        MerchantId merchant, IEnumerable<AccountId> accounts, CancellationToken cancellationToken)
    {
        var found = new Dictionary<AccountId, AccountRow>();
        foreach (var some in accounts.Distinct().Chunk(ReadsAtOnce))
        {
            foreach (var row in await Task.WhenAll(some.Select(account => AccountAsync(merchant, account, cancellationToken))))
            {
                if (row is not null)
                    found[row.Account.AccountId] = row;
            }
        }

        return found;
    }

    /// <summary>A merchant's accounts in the order of their ids, after one of them.</summary>
    public IAsyncEnumerable<AccountRow> AccountsAfterAsync(MerchantId merchant, AccountId? after, int? maxPerPage, CancellationToken cancellationToken) =>
        // The hyphen follows no id: the range begins behind the account itself.
        RangeAsync<AccountRow>(
            merchant, after is { } last ? CardKeys.Account(last) + '-' : CardKeys.AccountPrefix, AfterPrefix(CardKeys.AccountPrefix), maxPerPage, cancellationToken);

    /// <summary>What each account holds, by the column that says it.</summary>
    public IAsyncEnumerable<AccountBalanceRow> BalancesAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        var (partition, from, to) = (merchant.Value, CardKeys.AccountPrefix, AfterPrefix(CardKeys.AccountPrefix));
        return _cards.QueryAsync<AccountBalanceRow>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"),
            select: [AccountRow.BalanceColumn],
            cancellationToken: cancellationToken);
    }

    /// <summary>A journal's cursor; null for one that the cloud has never heard of.</summary>
    public Task<CursorRow?> CursorAsync(MerchantId merchant, DeviceId device, Epoch epoch, CancellationToken cancellationToken) =>
        FindAsync<CursorRow>(merchant, CardKeys.Cursor(device, epoch), cancellationToken);

    /// <summary>All journals of a merchant, also those of machines that went elsewhere.</summary>
    public IAsyncEnumerable<CursorRow> CursorsAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        ListAsync<CursorRow>(merchant, CardKeys.CursorPrefix, maxPerPage: null, cancellationToken);

    /// <summary>A machine's journals with a merchant.</summary>
    public IAsyncEnumerable<CursorRow> CursorsAsync(MerchantId merchant, DeviceId device, CancellationToken cancellationToken) =>
        ListAsync<CursorRow>(merchant, $"{CardKeys.CursorPrefix}{device}-", maxPerPage: null, cancellationToken);

    /// <summary>The cursor of a journal, which begins now if it is not there.</summary>
    public async Task<CursorRow> OpenAsync(MerchantId merchant, DeviceId device, Epoch epoch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await CursorAsync(merchant, device, epoch, cancellationToken) is { } known)
            return known;
        var begun = CursorRow.Begin(merchant, device, epoch) with { OpenedAt = now };
        try
        {
            return begun with { Version = await _cards.AddEntityAsync(begun, cancellationToken) };
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return await CursorAsync(merchant, device, epoch, cancellationToken)
                ?? throw new InvalidOperationException($"The journal {begun.Journal} was there and is gone: cursors are never deleted.", e);
        }
    }

    /// <summary>The merchant's feed.</summary>
    public async Task<FeedRow> FeedAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        await FindAsync<FeedRow>(merchant, CardKeys.Feed, cancellationToken) ?? FeedRow.Begin(merchant);

    /// <summary>Changes that the feed has not taken up.</summary>
    public IAsyncEnumerable<ChangeRow> ChangesAsync(MerchantId merchant, int? maxPerPage, CancellationToken cancellationToken) =>
        ListAsync<ChangeRow>(merchant, CardKeys.ChangePrefix, maxPerPage, cancellationToken);

    /// <summary>Versions of the feed.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="first">The first version.</param>
    /// <param name="last">The last version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<LogRow> LogsAsync(MerchantId merchant, long first, long last, CancellationToken cancellationToken) =>
        RangeAsync<LogRow>(merchant, CardKeys.Log(first), CardKeys.Log(last + 1), maxPerPage: null, cancellationToken);

    /// <summary>How the merchant's machines are to work, at most <see cref="RegistryCache.Freshness"/> old; null while nobody has said.</summary>
    public Task<RulesRow?> RulesAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        cache.GetAsync($"rules-{merchant}", () => FindAsync<RulesRow>(merchant, CardKeys.Rules, cancellationToken));

    /// <summary>Writes all or nothing: the new versions in the order of the writes, or null when a row was not what it was taken for: read again.</summary>
    public async Task<IReadOnlyList<ETag>?> TryWriteAsync(CardTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            return await _cards.SubmitTransactionAsync(transaction.Actions, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.Conflict or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private IAsyncEnumerable<T> RangeAsync<T>(MerchantId merchant, string from, string to, int? maxPerPage, CancellationToken cancellationToken)
        where T : class, ITableEntity<T>
    {
        var partition = merchant.Value;
        return _cards.QueryAsync<T>(
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"), maxPerPage, cancellationToken: cancellationToken);
    }

    private static string AfterPrefix(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);
}
