using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary><c>GET /api/merchants/{merchantId}/subscription</c>, <c>POST …/subscription/renewals</c>.</summary>
internal static class SubscriptionEndpoints
{
    private const int MaxConflicts = 10, MaxYearsAhead = 10;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/merchants/{merchantId}/subscription", FindAsync)
            .Allow([Role.Operator, Role.Finance], [Role.Merchant, Role.Distributor], Owner.Merchant("merchantId"));
        api.MapPost("/merchants/{merchantId}/subscription/renewals", RenewAsync).Allow(Role.Operator).AuditsPlainly("paidUntil", "collectUntil", "startedOn");
    }

    private static async Task<IResult> FindAsync(
        string merchantId, HttpContext http, SubscriptionStore store, ApplicationStore applications, SubscriptionSettings settings,
        CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        return await store.FindAsync(merchant, cancellationToken) is { } row
            ? Results.Ok(await ViewAsync(
                row, await applications.MayReadEarningsAsync(http.Caller(), merchant, cancellationToken), store, settings, cancellationToken))
            : MerchantAnswers.NoMerchant(merchant);
    }

    private static async Task<IResult> RenewAsync(
        string merchantId, HttpContext http, SubscriptionStore store, MerchantRegistry merchants, SubscriptionSettings settings, TimeProvider clock,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        var errors = new Dictionary<string, string[]>();
        var key = MerchantAnswers.Key(http, errors);
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);
        var person = Person.Of(http.Caller());
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await merchants.ReadAsync(merchant, cancellationToken) is not { } profile || await store.FindAsync(merchant, cancellationToken) is not { } row)
                return MerchantAnswers.NoMerchant(merchant);
            if (await store.FindRenewalAsync(merchant, key, cancellationToken) is not null)
            {
                http.Audit().Repeats();
                return Results.Ok(await ViewAsync(row, withFees: true, store, settings, cancellationToken));
            }

            if (profile.IsClosed)
                return MerchantAnswers.Conflict("state", "The merchant is closed.");
            var now = clock.GetUtcNow();
            var today = BusinessDay.Of(now);
            var from = SubscriptionRules.RenewalBegins(row.PaidUntil, row.CollectUntil, today);
            var until = SubscriptionRules.YearFrom(from);
            if (until > today.AddYears(MaxYearsAhead))
                return MerchantAnswers.Conflict("too-far", $"The service is paid for until {row.PaidUntil:yyyy-MM-dd} already.");
            var renewed = row with { PaidUntil = until, CollectUntil = until.AddDays(settings.GraceDays), Fees = row.Fees + 1 };
            var fee = new SubscriptionFeeRow(merchant, renewed.Fees, settings.RenewalFee, from, until, now, person);
            if (!await store.TryRenewAsync(profile, renewed, fee, new(merchant, key, fee.Number), cancellationToken))
                continue;
            MerchantLog.Renewed(loggers.CreateLogger(nameof(SubscriptionEndpoints)), merchant.Value, until, fee.Amount.ToString(), person.Id);
            var after = await ViewAsync(renewed, withFees: true, store, settings, cancellationToken);
            http.Audit().Changed(after with { PaidUntil = row.PaidUntil, CollectUntil = row.CollectUntil, Fees = [] }, after);
            return Results.Created($"/api/merchants/{merchant}/subscription", after);
        }

        throw new InvalidOperationException($"Merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    private static async Task<SubscriptionView> ViewAsync(
        SubscriptionRow row, bool withFees, SubscriptionStore store, SubscriptionSettings settings, CancellationToken cancellationToken)
    {
        return new(
            row.StartedOn,
            row.PaidUntil,
            row.CollectUntil,
            withFees ? settings.RenewalFee.Value : null,
            withFees ? settings.SuggestedRetail.Value : null,
            withFees
                ? await store.FeesAsync(row.Merchant, cancellationToken)
                    .Select(fee => new SubscriptionFeeView(fee.Amount.Value, fee.From, fee.Until, BusinessDay.Local(fee.At), fee.By.Name)).ToListAsync(cancellationToken)
                : [],
            await store.RemindersAsync(row.Merchant, cancellationToken)
                .Select(reminder => new ReminderView(reminder.PaidUntil, reminder.Days, BusinessDay.Local(reminder.At))).ToListAsync(cancellationToken));
    }
}

/// <summary>A subscription as it is shown.</summary>
/// <param name="StartedOn">The day of activation.</param>
/// <param name="PaidUntil">The last paid day.</param>
/// <param name="CollectUntil">The last day of grace: after it new cloud payments are refused.</param>
/// <param name="RenewalFee">What the next year costs the distributor, in fen.</param>
/// <param name="SuggestedRetail">What a distributor may ask of its merchant, in fen.</param>
/// <param name="Fees">The years so far.</param>
/// <param name="Reminders">Of what somebody was reminded.</param>
internal sealed record SubscriptionView(
    DateOnly StartedOn, DateOnly PaidUntil, DateOnly CollectUntil, long? RenewalFee, long? SuggestedRetail, IReadOnlyList<SubscriptionFeeView> Fees,
    IReadOnlyList<ReminderView> Reminders);

/// <summary>A year as it is shown; its amount in fen.</summary>
internal sealed record SubscriptionFeeView(long Amount, DateOnly From, DateOnly Until, DateTimeOffset EnteredAt, string EnteredBy);

/// <summary>A reminder as it is shown.</summary>
internal sealed record ReminderView(DateOnly PaidUntil, int Days, DateTimeOffset At);
