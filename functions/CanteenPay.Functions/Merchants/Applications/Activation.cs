using CanteenPay.Channels.SwiftPass;
using CanteenPay.Functions.Merchants.Rates;
using CanteenPay.Functions.Merchants.Subscriptions;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Makes a merchant of an approved application: its profile, first rate and first paid year appear in one transaction with its state, or not at all.</summary>
internal sealed class Activation(ApplicationStore store, SubscriptionSettings settings, TimeProvider clock, ILogger<Activation> logger)
{
    /// <summary>The merchant, active; null when somebody else changed something since it was read.</summary>
    public async Task<ApplicationRow?> TryActivateAsync(ApplicationRow row, Person by, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = BusinessDay.Of(now);
        var terms = ApplicationRules.TermsOf(row.Form) ?? throw new InvalidOperationException($"The application of merchant {row.Merchant} has no terms.");
        var paidUntil = SubscriptionRules.YearFrom(today);
        var collectUntil = paidUntil.AddDays(settings.GraceDays);
        var profile = new MerchantProfile(
            row.Merchant,
            row.Form.MerchantName ?? throw new InvalidOperationException($"Merchant {row.Merchant} has no name."),
            SwiftPassChannel.ChannelName,
            row.Code ?? throw new InvalidOperationException($"Merchant {row.Merchant} has no verification code."),
            IsActive: true)
        {
            Rates = RateCalendar.Empty.With(today, terms.Rate),
            PaidUntil = paidUntil,
            CollectUntil = collectUntil,
        };
        var activated = await store.TryMoveAsync(
            row,
            row with { State = MerchantState.Active, Reasons = new Dictionary<string, string>() },
            by,
            now,
            beside => beside
                .Insert(profile)
                .Insert(new RateRow(row.Merchant, today, terms, now, by))
                .Insert(new SubscriptionRow(row.Merchant, today, paidUntil, collectUntil, Fees: 1))
                .Insert(new SubscriptionFeeRow(row.Merchant, 1, settings.FirstYearFee, today, paidUntil, now, by)),
            cancellationToken);
        if (activated is not null)
            MerchantLog.Moved(logger, row.Merchant.Value, row.State.Name(), activated.State.Name(), by.Id);
        return activated;
    }
}
