using System.Globalization;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary><c>GET</c> and <c>POST /api/merchants/{merchantId}/rates</c>.</summary>
internal static class RateEndpoints
{
    private const int MaxConflicts = 10;
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>
    /// A rate for the next settlement date is taken until so long before that begins: payments know rates that are a minute old (<see cref="Operations.RegistryCache.Freshness"/>),
    /// and clocks differ.
    /// </summary>
    private static readonly TimeSpan BeforeItBegins = TimeSpan.FromMinutes(5);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/merchants/{merchantId}/rates", ListAsync)
            .Allow([Role.Operator, Role.Finance], [Role.Merchant, Role.Distributor], Owner.Merchant("merchantId"));
        api.MapPost("/merchants/{merchantId}/rates", SetAsync).Allow(Role.Operator).AuditsPlainly(
            "validFrom", "rateBasisPoints", "bankCostBasisPoints", "shares.distributorId", "shares.basisPoints");
    }

    private static async Task<IResult> ListAsync(
        string merchantId, HttpContext http, MerchantRates rates, ApplicationStore applications, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        var isMerchantOnly = !await applications.MayReadEarningsAsync(http.Caller(), merchant, cancellationToken);
        return Results.Ok(await rates.ListAsync(merchant, cancellationToken).Select(rate => RateView.Of(rate, isMerchantOnly)).ToListAsync(cancellationToken));
    }

    private static async Task<IResult> SetAsync(
        string merchantId, HttpContext http, MerchantRates rates, DistributorStore distributors, PaymentSettings settings, TimeProvider clock,
        ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.RateBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        var now = clock.GetUtcNow();
        var errors = new Dictionary<string, string[]>();
        var validFrom = ValidFrom(body.ValidFrom, SettlementDay.Of(now + BeforeItBegins, settings.SettlementCutOff).AddDays(1), errors);
        var terms = await TermsAsync(body, distributors, errors, cancellationToken);
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);

        var person = Person.Of(http.Caller());
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await rates.ProfileAsync(merchant, cancellationToken) is not { } profile)
                return MerchantAnswers.NoMerchant(merchant);
            if (profile.IsClosed)
                return MerchantAnswers.Conflict("state", "The merchant is closed.");
            if (profile.Rates.Count >= RateCalendar.MaxRates)
                return MerchantAnswers.Conflict("too-many", $"A merchant has at most {RateCalendar.MaxRates} rates.");
            var before = await rates.FindAsync(merchant, validFrom, cancellationToken);
            var rate = new RateRow(merchant, validFrom, terms!, now, person);
            // It was told the rate at the registration and by nobody since.
            var bankMustBeTold = terms!.RateBasisPoints != profile.RateOn(validFrom.AddDays(-1));
            // The same again, because its answer was lost.
            if (before is not null && RateView.AreEqual(before, rate))
                return Results.Ok(RateView.Of(before, isForMerchant: false) with { BankMustBeTold = bankMustBeTold });
            if (!await rates.TrySetAsync(profile, rate, cancellationToken))
                continue;
            MerchantLog.RateSet(loggers.CreateLogger(nameof(RateEndpoints)), merchant.Value, terms.RateBasisPoints, validFrom, person.Id);
            http.Audit().Changed(before is null ? null : RateView.Of(before, isForMerchant: false), RateView.Of(rate, isForMerchant: false));
            return Results.Ok(RateView.Of(rate, isForMerchant: false) with { BankMustBeTold = bankMustBeTold });
        }

        throw new InvalidOperationException($"Merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    private static DateOnly ValidFrom(string? text, DateOnly earliest, Dictionary<string, string[]> errors)
    {
        if (!DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day < earliest || day > earliest.AddYears(2))
            errors["validFrom"] = [string.Create(CultureInfo.InvariantCulture, $"生效日期最早为 {earliest:yyyy-MM-dd}，两年之内 / The first day, from {earliest:yyyy-MM-dd} on, within two years")];
        return day;
    }

    private static async Task<FeeTerms?> TermsAsync(
        RateBody body, DistributorStore distributors, Dictionary<string, string[]> errors, CancellationToken cancellationToken)
    {
        if (body.RateBasisPoints is null)
            errors["rateBasisPoints"] = ["必填 / This is needed"];
        if (body.BankCostBasisPoints is null)
            errors["bankCostBasisPoints"] = ["必填 / This is needed"];
        if (body.Shares is null)
            errors["shares"] = ["必填，可为空 / This is needed, and may be empty"];
        if (errors.ContainsKey("rateBasisPoints") || errors.ContainsKey("bankCostBasisPoints") || errors.ContainsKey("shares"))
            return null;
        if (ApplicationRules.TermsOf(new() { RateBasisPoints = body.RateBasisPoints, BankCostBasisPoints = body.BankCostBasisPoints, Shares = body.Shares })
            is not { } terms)
        {
            errors["shares"] = ["每项分润需要经销商编号和万分比 / Each share names a distributor and its basis points"];
            return null;
        }

        var wrong = new Dictionary<string, string[]>();
        FeeTerms.Check(terms, wrong);
        if (wrong.Count == 0 && await distributors.MissingAsync(terms.Shares, cancellationToken) is { } missing)
            wrong["shares"] = [$"没有经销商 {missing} / There is no distributor {missing}"];
        foreach (var (field, why) in wrong)
            errors[field] = why;
        return terms;
    }
}
