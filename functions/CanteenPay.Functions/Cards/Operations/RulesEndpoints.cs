using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>How a merchant's staff cards pay: <c>GET</c> and <c>PUT /api/cards/{merchant}/rules</c>. Machines get them as their settings.</summary>
internal static class RulesEndpoints
{
    /// <summary>All that is a number or a word of ours; names are whatever somebody typed.</summary>
    private static readonly string[] PlainFields =
    [
        "version", "rules.mode", "rules.meals.meal", "rules.meals.from", "rules.meals.to", "rules.meals.price", "rules.cardTypes.type", "rules.cardTypes.paidBasisPoints",
        "rules.cardTypes.firstTaps", "rules.cardTypes.firstPrice", "rules.cardTypes.spillsToCash", "rules.cardTypes.meals", "rules.cardTypes.limits.perTap",
        "rules.cardTypes.limits.mealAmount", "rules.cardTypes.limits.mealTaps", "rules.cardTypes.limits.dayAmount", "rules.cardTypes.limits.dayTaps", "rules.items.no",
        "rules.items.price", "rules.unbooked.perAccount", "rules.unbooked.offlineMinutes", "rules.typedUid.perTap", "rules.typedUid.mealAmount", "rules.typedUid.mealTaps",
        "rules.typedUid.dayAmount", "rules.typedUid.dayTaps",
    ];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/cards/{merchantId}/rules", FindAsync).Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Merchant("merchantId"));
        api.MapPut("/cards/{merchantId}/rules", ChangeAsync).Allow(to: [Role.Operator], own: [Role.Merchant], of: Owner.Merchant("merchantId"))
            .AuditsPlainly(PlainFields);
    }

    private static async Task<IResult> FindAsync(string merchantId, CardStore cards, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return NoMerchantId(merchantId);
        return await cards.FindAsync<RulesRow>(merchant, CardKeys.Rules, cancellationToken) is { Settings.Cards: { } rules } row
            ? Results.Ok(new RulesView(row.Settings.Version, rules))
            : Results.Problem($"Merchant {merchant} has no card rules yet: no card pays.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ChangeAsync(
        string merchantId, HttpRequest http, MerchantRegistry merchants, CardStore cards, MachineSettingsPost machines, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http, FunctionsJson.Default.RulesBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return NoMerchantId(merchantId);
        var rules = body.Rules.ToRules();
        var errors = MerchantRulesCheck.Errors(rules);
        if (body.Rules.HasHoles())
            errors["rules"] = ["A list has null where a meal, a card type or an item should be."];
        if (body.Version < 0)
            errors["version"] = ["The version that is changed; 0 for the first."];
        var next = new MachineSettings { Version = body.Version + 1, MerchantId = merchant, Cards = rules };
        if (errors.Count == 0 && MerchantRulesCheck.TooLong(next) is { } tooLong)
            errors["items"] = [tooLong];
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await merchants.FindAsync(merchant, cancellationToken) is null)
            return Results.Problem($"There is no merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);

        var stored = await cards.FindAsync<RulesRow>(merchant, CardKeys.Rules, cancellationToken);
        var version = stored?.Settings.Version ?? 0;
        // The same change again, because its answer was lost.
        if (stored is not null && version == next.Version && RulesView.AreEqual(stored.Settings.Cards, rules))
        {
            http.HttpContext.Audit().Repeats();
            await machines.TellAllAsync(next, cancellationToken);
            return Results.Ok(new RulesView(version, rules));
        }

        if (version != body.Version || await cards.TryWriteAsync(new CardTransaction().Write(new RulesRow(next), stored?.Version ?? default), cancellationToken) is null)
        {
            return Results.Problem(
                $"The rules of merchant {merchant} were changed by somebody else: they are no longer version {body.Version}. Read them again.",
                statusCode: StatusCodes.Status409Conflict);
        }

        http.HttpContext.Audit().Changed(stored?.Settings.Cards is { } before ? new RulesView(version, before) : null, new RulesView(next.Version, rules));
        CardOperationLog.RulesChanged(loggers.CreateLogger(nameof(RulesEndpoints)), merchant.Value, next.Version);
        await machines.TellAllAsync(next, cancellationToken);
        return Results.Ok(new RulesView(next.Version, rules));
    }

    private static IResult NoMerchantId(string text) =>
        Results.Problem($"'{text}' is not a merchant id.", statusCode: StatusCodes.Status422UnprocessableEntity);
}
