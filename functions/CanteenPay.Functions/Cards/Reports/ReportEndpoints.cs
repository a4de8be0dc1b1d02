using System.Globalization;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>
/// <c>GET /api/cards/{merchant}/accounts/{account}/statement?from=yyyy-MM-dd&amp;to=yyyy-MM-dd</c> (at most 31 days, today without them),
/// <c>GET …/machines/{device}/days/{yyyy-MM-dd}</c>, <c>GET …/checks/{yyyy-MM-dd}</c>.
/// </summary>
internal static class ReportEndpoints
{
    private const int MostDays = 31;
    private const int MostLines = 5_000;

    public static void Map(RouteGroupBuilder api)
    {
        var merchant = api.MapGroup("/cards/{merchantId}").Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Merchant("merchantId"));
        merchant.MapGet("/accounts/{accountId}/statement", StatementAsync);
        merchant.MapGet("/machines/{deviceId}/days/{day}", MachineDayAsync);
        merchant.MapGet("/checks/{day}", CheckAsync);
    }

    private static async Task<IResult> StatementAsync(
        string merchantId, string accountId, string? from, string? to, CardStore cards, BookedLedger ledger, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var merchant = Merchant(merchantId, errors);
        if (!AccountId.TryParse(accountId, null, out var account))
            errors["accountId"] = [$"'{accountId}' is not an account id."];
        var today = BusinessDay.Of(clock.GetUtcNow());
        var last = to is null ? today : Day("to", to, errors);
        var first = from is null ? last : Day("from", from, errors);
        if (errors.Count == 0 && (last < first || last.DayNumber - first.DayNumber >= MostDays))
            errors["from"] = [$"1 to {MostDays} days, the earlier one first."];
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await cards.AccountAsync(merchant, account, cancellationToken) is not { } row)
            return Results.Problem($"There is no account {account} at merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);

        var lines = await ledger.OfAccountAsync(merchant, account, first, last, MostLines + 1, cancellationToken);
        var shown = lines.Take(MostLines).ToList();
        return Results.Ok(new StatementView(
            account,
            first,
            last,
            row.Account.Balance,
            shown.Aggregate(Fen.Zero, (sum, line) => sum + line.Entry.Change),
            KindTotal.Of(shown, byMeal: false),
            [.. shown.Select(line => LineView.Of(line, withAccount: false))],
            lines.Count > MostLines));
    }

    private static async Task<IResult> MachineDayAsync(string merchantId, string deviceId, string day, BookedLedger ledger, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var merchant = Merchant(merchantId, errors);
        if (!DeviceId.TryParse(deviceId, null, out var device))
            errors["deviceId"] = [$"'{deviceId}' is not a machine's id."];
        var date = Day("day", day, errors);
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);

        var lines = await ledger.OfMachineAsync(merchant, device, date, MostLines + 1, cancellationToken);
        var shown = lines.Take(MostLines).ToList();
        return Results.Ok(new MachineDayView(
            device, date, KindTotal.Of(shown, byMeal: true), [.. shown.Select(line => LineView.Of(line, withAccount: true))], lines.Count > MostLines));
    }

    private static async Task<IResult> CheckAsync(string merchantId, string day, CardStore cards, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var merchant = Merchant(merchantId, errors);
        var date = Day("day", day, errors);
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        return await cards.FindAsync<LoopRow>(merchant, LoopRow.Key(date), cancellationToken) is { } row
            ? Results.Ok(row.Result)
            : Results.Problem($"The ledger of merchant {merchant} was not checked on {date:yyyy-MM-dd}.", statusCode: StatusCodes.Status404NotFound);
    }

    private static MerchantId Merchant(string text, Dictionary<string, string[]> errors)
    {
        if (!MerchantId.TryParse(text, null, out var merchant))
            errors["merchantId"] = [$"'{text}' is not a merchant id."];
        return merchant;
    }

    private static DateOnly Day(string field, string text, Dictionary<string, string[]> errors)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            errors[field] = [$"'{text}' is not a day such as 2026-11-22."];
        return day;
    }
}
