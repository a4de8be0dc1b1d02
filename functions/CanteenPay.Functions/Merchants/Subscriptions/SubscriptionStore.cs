using System.Net;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary>The subscriptions of merchants, beside their profiles.</summary>
internal sealed class SubscriptionStore(TableServiceClient tables)
{
    private readonly TableClient _merchants = tables.GetTableClient(ApplicationStore.Table);

    /// <summary>A merchant's subscription; null when it has none.</summary>
    public Task<SubscriptionRow?> FindAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<SubscriptionRow>(merchant.Value, SubscriptionRow.RowKey, cancellationToken);

    /// <summary>What a renewal under a key came to; null when there was none.</summary>
    public Task<RenewalRow?> FindRenewalAsync(MerchantId merchant, string key, CancellationToken cancellationToken) =>
        _merchants.GetEntityIfExistsAsync<RenewalRow>(merchant.Value, RenewalRow.Prefix + key, cancellationToken);

    /// <summary>A merchant's fees, in order.</summary>
    public IAsyncEnumerable<SubscriptionFeeRow> FeesAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<SubscriptionFeeRow>(MerchantKeyRange.Filter(merchant.Value, SubscriptionFeeRow.Prefix), cancellationToken: cancellationToken);

    /// <summary>Of what a merchant was reminded.</summary>
    public IAsyncEnumerable<ReminderRow> RemindersAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        _merchants.QueryAsync<ReminderRow>(MerchantKeyRange.Filter(merchant.Value, ReminderRow.Prefix), cancellationToken: cancellationToken);

    /// <summary>Renews: subscription, fee, the key, and the profile that payments read, all or nothing; false when somebody else changed something.</summary>
    public async Task<bool> TryRenewAsync(
        MerchantProfile profile, SubscriptionRow renewed, SubscriptionFeeRow fee, RenewalRow key, CancellationToken cancellationToken) =>
        await new MerchantTransaction()
            .Replace(renewed, renewed.Version)
            .Replace(profile with { PaidUntil = renewed.PaidUntil, CollectUntil = renewed.CollectUntil }, profile.Version)
            .Insert(fee)
            .Insert(key)
            .TryWriteAsync(_merchants, cancellationToken) is not null;

    /// <summary>Notes a reminder; false when it was noted before.</summary>
    public async Task<bool> TryRemindAsync(ReminderRow reminder, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.AddEntityAsync(reminder, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }
}
