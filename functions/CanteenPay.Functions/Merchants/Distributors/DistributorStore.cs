using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Distributors;

/// <summary>The distributors and what they filed: table <c>Distributors</c>, partition = distributor.</summary>
internal sealed class DistributorStore(TableServiceClient tables)
{
    private const string MerchantPrefix = "merchant-", FiledPrefix = "filed-";

    /// <summary>Partition of the keys under which distributors were made.</summary>
    private const string KeysPartition = "keys";

    private readonly TableClient _distributors = tables.GetTableClient("Distributors");

    /// <summary>A distributor; null when there is none.</summary>
    public Task<DistributorRow?> FindAsync(DistributorId distributor, CancellationToken cancellationToken) =>
        _distributors.GetEntityIfExistsAsync<DistributorRow>(distributor.Value, DistributorRow.RowKey, cancellationToken);

    /// <summary>All distributors.</summary>
    public IAsyncEnumerable<DistributorRow> ListAsync(CancellationToken cancellationToken)
    {
        var row = DistributorRow.RowKey;
        return _distributors.QueryAsync<DistributorRow>(TableClient.CreateQueryFilter($"RowKey eq {row}"), cancellationToken: cancellationToken);
    }

    /// <summary>The first of those that shares name and that is not there; null when all are.</summary>
    public async Task<DistributorId?> MissingAsync(IEnumerable<FeeShare> shares, CancellationToken cancellationToken)
    {
        foreach (var share in shares)
        {
            if (await FindAsync(share.Distributor, cancellationToken) is null)
                return share.Distributor;
        }

        return null;
    }

    /// <summary>Makes a distributor under a key, once; what is there then, which under a key that was used before may have another name, and whether it is new.</summary>
    public async Task<(DistributorRow Row, bool IsNew)> InsertAsync(string key, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var drawn = new KeyRow(KeysPartition, key, DistributorId.New().Value, name, now);
        var kept = await KeepAsync(drawn, cancellationToken);
        var row = new DistributorRow(DistributorId.Parse(kept.Id), kept.Name, kept.At);
        return (row, await new MerchantTransaction().Insert(row).TryWriteAsync(_distributors, cancellationToken) is not null);
    }

    /// <summary>Draws the id of an application under a key, once, and notes it as the distributor's.</summary>
    public async Task<MerchantId> FileAsync(DistributorId distributor, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var drawn = new KeyRow(distributor.Value, FiledPrefix + key, MerchantId.New().Value, "", now);
        var transaction = new MerchantTransaction().Insert(drawn).Insert(new KeyRow(distributor.Value, MerchantPrefix + drawn.Id, drawn.Id, "", now));
        return await transaction.TryWriteAsync(_distributors, cancellationToken) is not null
            ? MerchantId.Parse(drawn.Id)
            : MerchantId.Parse((await _distributors.GetEntityAsync<KeyRow>(distributor.Value, drawn.Key, cancellationToken)).Id);
    }

    /// <summary>The applications that a distributor filed; one whose filing was cut off may be missing.</summary>
    public IAsyncEnumerable<MerchantId> MerchantsAsync(DistributorId distributor, CancellationToken cancellationToken) =>
        _distributors.QueryAsync<KeyRow>(MerchantKeyRange.Filter(distributor.Value, MerchantPrefix), cancellationToken: cancellationToken)
            .Select(row => MerchantId.Parse(row.Id));

    private async Task<KeyRow> KeepAsync(KeyRow row, CancellationToken cancellationToken) =>
        await new MerchantTransaction().Insert(row).TryWriteAsync(_distributors, cancellationToken) is not null
            ? row
            : await _distributors.GetEntityAsync<KeyRow>(row.Partition, row.Key, cancellationToken);

    private sealed record KeyRow(string Partition, string Key, string Id, string Name, DateTimeOffset At) : ITableEntity<KeyRow>
    {
        public TableEntity ToTableEntity() => new(Partition, Key) { ["Id"] = Id, ["Name"] = Name, ["At"] = At };

        public static KeyRow FromTableEntity(TableEntity row) => new(row.PartitionKey, row.RowKey, row.Text("Id"), row.Text("Name"), row.Time("At"));
    }
}
