using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>The merchants: table <c>Merchants</c>, partition = merchant, row <c>profile</c>.</summary>
internal sealed class MerchantRegistry(TableServiceClient tables, RegistryCache cache)
{
    /// <summary>Row of a merchant's profile.</summary>
    public const string ProfileRow = "profile";

    private readonly TableClient _merchants = tables.GetTableClient("Merchants");

    /// <summary>A merchant's profile, at most <see cref="RegistryCache.Freshness"/> old; null for one that is not there.</summary>
    public Task<MerchantProfile?> FindAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        cache.GetAsync($"merchant-{merchant}", () => _merchants.GetEntityIfExistsAsync<MerchantProfile>(merchant.Value, ProfileRow, cancellationToken));

    /// <summary>A merchant's profile as it is now, to be changed; null for one that is not there.</summary>
    public Task<MerchantProfile?> ReadAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<MerchantProfile>(merchant.Value, ProfileRow, cancellationToken);

    /// <summary>All merchants, closed ones included.</summary>
    public IAsyncEnumerable<MerchantProfile> ListAsync(CancellationToken cancellationToken) =>
        _merchants.QueryAsync<MerchantProfile>(TableClient.CreateQueryFilter($"RowKey eq {ProfileRow}"), cancellationToken: cancellationToken);
}
