using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary>Reminds of services that end soon, each reminder once; it is logged, and shown with the subscription.</summary>
internal sealed class SubscriptionReminders(
    MerchantRegistry merchants, SubscriptionStore store, SubscriptionSettings settings, ILogger<SubscriptionReminders> logger) : INightChore
{
    /// <inheritdoc/>
    public async Task RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = BusinessDay.Of(now);
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
        {
            if (merchant is not { IsClosed: false, PaidUntil: { } paidUntil } || SubscriptionRules.ReminderDue(paidUntil, today, settings.ReminderDays) is not { } days)
                continue;
            if (await store.TryRemindAsync(new(merchant.Id, paidUntil, days, now), cancellationToken))
                MerchantLog.Reminded(logger, merchant.Id.Value, paidUntil, days);
        }
    }
}
