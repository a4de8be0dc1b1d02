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
        var apart = new OneByOne();
        await foreach (var merchant in merchants.ListAsync(cancellationToken))
        {
            if (merchant is not { IsClosed: false, PaidUntil: { } paidUntil } || SubscriptionRules.ReminderDue(paidUntil, today, settings.ReminderDays) is not { } days)
                continue;
            await apart.TryAsync(() => RemindAsync(new(merchant.Id, paidUntil, days, now), cancellationToken), cancellationToken);
        }

        apart.End("merchants could not be reminded");
    }

    private async Task RemindAsync(ReminderRow reminder, CancellationToken cancellationToken)
    {
        if (await store.TryRemindAsync(reminder, cancellationToken))
            MerchantLog.Reminded(logger, reminder.Merchant.Value, reminder.PaidUntil, reminder.Days);
    }
}
