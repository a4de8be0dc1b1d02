using System.Globalization;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Closing;
using CanteenPay.Functions.Settlement.Days;
using CanteenPay.Functions.Settlement.Night;
using CanteenPay.Functions.Settlement.Views;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement;

/// <summary>
/// <c>GET /api/settlements?from=yyyy-MM-dd&amp;to=yyyy-MM-dd</c>, <c>GET</c> and <c>POST /api/settlements/{yyyy-MM-dd}</c>, <c>POST …/close</c>, <c>GET …/merchants/{merchantId}</c>.
/// </summary>
internal static class SettlementEndpoints
{
    private const int MostDays = 366, UsualDays = 31;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/settlements", ListAsync).Allow(Role.Operator, Role.Finance);
        api.MapGet("/settlements/{day}", FindAsync).Allow([Role.Operator, Role.Finance], [Role.Distributor, Role.Merchant], Owner.Listed);
        api.MapPost("/settlements/{day}", SettleAsync).Allow(Role.Operator, Role.Finance).AuditsPlainly("day", "state", "merchants");
        api.MapPost("/settlements/{day}/close", CloseAsync).Allow(Role.Finance).AuditsPlainly("day", "state");
        api.MapGet("/settlements/{day}/merchants/{merchantId}", FindMerchantAsync).Allow([Role.Operator, Role.Finance], [Role.Distributor, Role.Merchant], Owner.Listed);
    }

    private static async Task<IResult> ListAsync(string? from, string? to, DayIndex index, ClosedDays closed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var last = BusinessDay.Of(clock.GetUtcNow());
        if (to is not null && !TryDay(to, out last))
            return NoDay(to);
        var first = last.AddDays(1 - UsualDays);
        if (from is not null && !TryDay(from, out first))
            return NoDay(from);
        if (last < first || last.DayNumber - first.DayNumber >= MostDays)
            return Refused(StatusCodes.Status422UnprocessableEntity, "range", $"1 至 {MostDays} 天，先早后晚 / 1 to {MostDays} days, the earlier one first.");
        var through = await closed.ReadAsync(cancellationToken);
        return Results.Ok(await index.ListDaysAsync(first.AddDays(-1), cancellationToken).TakeWhile(day => day.Day <= last)
            .Select(day => new DaySummary(day.Day, DayState.Of(day.Day, through)) { IsComplete = day.IsFannedOut }).ToListAsync(cancellationToken));
    }

    private static async Task<IResult> FindAsync(string day, string? after, HttpContext http, DayReader reader, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        MerchantId? last = null;
        if (after is not null)
        {
            if (!MerchantId.TryParse(after, null, out var merchant))
                return MerchantAnswers.NoMerchantId(after);
            last = merchant;
        }

        if (await reader.ReadAsync(date, last, http.Caller(), cancellationToken) is not var (view, isCut))
            return NoBusiness(date);
        if (isCut)
            http.Response.Headers[MerchantAnswers.MoreHeader] = "true";
        return Results.Ok(view);
    }

    private static async Task<IResult> FindMerchantAsync(
        string day, string merchantId, HttpContext http, DayReader reader, MerchantRegistry merchants, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        if (await reader.ReadAsync(date, merchant, http.Caller(), cancellationToken) is { } view)
            return Results.Ok(view);
        // Whether somebody else's merchant is there is not said.
        return new StatementViewer(http.Caller()).SeesAll && await merchants.FindAsync(merchant, cancellationToken) is null
            ? Refused(StatusCodes.Status404NotFound, "no-merchant", $"没有商户 {merchant} / There is no merchant {merchant}.")
            : Refused(StatusCodes.Status404NotFound, "no-statement", $"{date:yyyy-MM-dd} 没有可查看的结算单 / There is no statement of {merchant} on {date:yyyy-MM-dd} that you may see.");
    }

    private static async Task<IResult> SettleAsync(
        string day, HttpContext http, DayIndex index, ClosedDays closed, FanOut fanOut, PaymentSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!TryDay(day, out var date))
            return NoDay(day);
        if (date > BusinessDay.Of(now) && date > SettlementDay.Of(now, settings.SettlementCutOff))
            return Refused(StatusCodes.Status422UnprocessableEntity, "future", $"{date:yyyy-MM-dd} 尚未到来 / {date:yyyy-MM-dd} is in the future.");
        var through = await closed.ReadAsync(cancellationToken);
        if (through.Holds(date))
            return MerchantAnswers.Conflict("closed", $"{date:yyyy-MM-dd} 已关账，不再变化 / {date:yyyy-MM-dd} is closed and never changes; what comes later counts on the next open day.");
        if (await index.FindDayAsync(date, cancellationToken) is null)
            return NoBusiness(date);
        var sent = await fanOut.AllAsync(date, string.Create(CultureInfo.InvariantCulture, $"hand-{now.ToUnixTimeMilliseconds()}"), cancellationToken);
        var view = new DaySummary(date, DayState.Of(date, through)) { Merchants = sent };
        http.Audit().Changed(null, view);
        return Results.Accepted(Address(date), view);
    }

    private static async Task<IResult> CloseAsync(string day, HttpContext http, ClosingDesk desk, ClosedDays closed, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        var answer = await desk.CloseAsync(date, Person.Of(http.Caller()), cancellationToken);
        if (answer.Code is { } code)
            return code == "no-business" ? NoBusiness(date) : MerchantAnswers.Conflict(code, answer.Words!);
        var view = new DaySummary(date, DayState.Of(date, await closed.ReadAsync(cancellationToken)));
        if (answer == ClosingAnswer.Again)
            http.Audit().Repeats();
        else
            http.Audit().Changed(new DaySummary(date, DayState.Provisional), view);
        return Results.Accepted(Address(date), view);
    }

    private static string Address(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"/api/settlements/{day:yyyy-MM-dd}");

    private static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is >= 2000 and < 9000;

    private static IResult NoDay(string text) =>
        Refused(StatusCodes.Status422UnprocessableEntity, "date", $"'{text}' 不是日期，例如 2026-11-22 / '{text}' is not a day such as 2026-11-22.");

    private static IResult NoBusiness(DateOnly day) =>
        Refused(StatusCodes.Status404NotFound, "no-business", $"{day:yyyy-MM-dd} 没有业务 / Nobody had business on {day:yyyy-MM-dd}.");

    private static IResult Refused(int status, string code, string words) => Results.Problem(words, statusCode: status, extensions: [new("code", code)]);
}
