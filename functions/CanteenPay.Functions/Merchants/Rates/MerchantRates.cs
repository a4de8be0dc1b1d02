using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>The rates of merchants: rows <c>rate-{yyyyMMdd}</c> beside their profiles.</summary>
internal sealed class MerchantRates(TableServiceClient tables, MerchantRegistry merchants)
{
    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>All rates of a merchant, in the order of their first days.</summary>
    public IAsyncEnumerable<RateRow> ListAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<RateRow>(MerchantKeyRange.Filter(merchant.Value, RateRow.Prefix), cancellationToken: cancellationToken);

    /// <summary>A rate that begins on a day; null when none does.</summary>
    public Task<RateRow?> FindAsync(MerchantId merchant, DateOnly validFrom, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<RateRow>(merchant.Value, RateRow.Prefix + BusinessDay.Key(validFrom), cancellationToken);

    /// <summary>Sets a rate, and the profile that payments read; false when somebody else changed the merchant meanwhile.</summary>
    public async Task<bool> TrySetAsync(MerchantProfile profile, RateRow rate, CancellationToken cancellationToken) =>
        await new MerchantTransaction()
            .Replace(profile with { Rates = profile.Rates.With(rate.ValidFrom, rate.Terms.Rate) }, profile.Version)
            .Put(rate)
            .TryWriteAsync(_merchants, cancellationToken) is not null;

    /// <summary>A merchant's profile as it is now; null for one that is not there.</summary>
    public Task<MerchantProfile?> ProfileAsync(MerchantId merchant, CancellationToken cancellationToken) => merchants.ReadAsync(merchant, cancellationToken);
}
