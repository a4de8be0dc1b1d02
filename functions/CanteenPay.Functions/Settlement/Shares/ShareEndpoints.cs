using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Merchants.Distributors;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary><c>GET /api/distributors/{distributorId}/account</c>, <c>POST …/account/reversals</c>, <c>POST …/account/months/{month}/paid</c>.</summary>
internal static class ShareEndpoints
{
    private const int MostListed = 1_000, MaxReason = 200;

    public static void Map(RouteGroupBuilder api)
    {
        var account = api.MapGroup("/distributors/{distributorId}/account");
        account.MapGet("", FindAsync).Allow([Role.Operator, Role.Finance], [Role.Distributor], Owner.Distributor("distributorId"));
        account.MapPost("/reversals", ReverseAsync).Allow(Role.Finance).AuditsPlainly("entry", "kind", "amount", "day", "merchantId", "revision", "reverses");
        account.MapPost("/months/{month}/paid", PayAsync).Allow(Role.Finance).AuditsPlainly("entry", "kind", "amount");
    }

    private static async Task<IResult> FindAsync(
        string distributorId, HttpContext http, DistributorStore distributors, ShareStore shares, ShareAccount account, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!DistributorId.TryParse(distributorId, null, out var distributor))
            return NoDistributorId(distributorId);
        var now = ShareMonth.Of(clock.GetUtcNow());
        var month = now;
        if (http.Request.Query["month"].ToString() is { Length: > 0 } asked && (!ShareMonth.TryParse(asked, out month) || month.First > now.First))
            return MerchantAnswers.Wrong("month", $"月份如 {now}，不晚于本月 / A month such as {now}, not after this one");
        if (await distributors.FindAsync(distributor, cancellationToken) is null)
            return NoDistributor(distributor);
        ShareRow? after = null;
        if (http.Request.Query["after"].ToString() is { Length: > 0 } key)
        {
            after = await shares.FindAsync(distributor, key, cancellationToken);
            if (after?.IsIn(month) != true)
                return MerchantAnswers.Wrong("after", "该月没有这一笔 / The month has no such entry");
        }

        var read = await account.MonthAsync(distributor, month, after, MostListed, cancellationToken);
        if (read.HasMore)
            http.Response.Headers[MerchantAnswers.MoreHeader] = "true";
        return Results.Ok(ShareAccountView.Of(distributor, month, read));
    }

    private static async Task<IResult> ReverseAsync(
        string distributorId, HttpContext http, ShareStore shares, ShareCorrections corrections, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.ReversalBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!DistributorId.TryParse(distributorId, null, out var distributor))
            return NoDistributorId(distributorId);
        var errors = new Dictionary<string, string[]>();
        var key = MerchantAnswers.Key(http, errors);
        var reason = MerchantAnswers.Line("reason", body.Reason, MaxReason, errors);
        var entry = await shares.FindAsync(distributor, body.Entry ?? "", cancellationToken);
        if (entry is null)
            errors["entry"] = ["账上没有这一笔 / The account has no such entry"];
        if (entry is null || errors.Count > 0)
            return MerchantAnswers.Wrong(errors);

        var made = await corrections.ReverseAsync(entry, reason, key, clock.GetUtcNow(), cancellationToken);
        switch (made.Result)
        {
            case CorrectionResult.KeyReused:
                return MerchantAnswers.KeyReused();
            case CorrectionResult.Reversed:
                return MerchantAnswers.Conflict("reversed", $"该笔已冲正 / The entry {entry.Key} was reversed before.");
            case CorrectionResult.Repeated:
                http.Audit().Repeats();
                break;
            default:
                http.Audit().Changed(null, EntryView.Of(made.Entry));
                break;
        }

        return Results.Created($"/api/distributors/{distributor}/account", EntryView.Of(made.Entry));
    }

    private static async Task<IResult> PayAsync(
        string distributorId, string month, HttpContext http, Payouts payouts, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!DistributorId.TryParse(distributorId, null, out var distributor))
            return NoDistributorId(distributorId);
        if (!ShareMonth.TryParse(month, out var paid))
            return MerchantAnswers.Wrong("month", "月份如 2026-11 / A month such as 2026-11");
        var payout = await payouts.PayAsync(distributor, paid, clock.GetUtcNow(), cancellationToken);
        if (payout.Entry is not { } entry)
        {
            return payout.Result switch
            {
                PayoutResult.NotOver => MerchantAnswers.Conflict(
                    "not-over", $"月末 {Payouts.AfterMonth.TotalHours:0} 小时后才能付款 / {paid} can be paid {Payouts.AfterMonth.TotalHours:0} hours after its end."),
                PayoutResult.LaterIsPaid => MerchantAnswers.Conflict("later-is-paid", $"之后的月份已付款，已含本月 / A later month was paid, and {paid} with it."),
                _ => MerchantAnswers.Conflict("nothing-owed", $"{paid} 无应付金额 / Nothing is to be paid for {paid}."),
            };
        }

        if (payout.Result == PayoutResult.Repeated)
            http.Audit().Repeats();
        else
            http.Audit().Changed(null, EntryView.Of(entry));
        return Results.Ok(EntryView.Of(entry));
    }

    private static IResult NoDistributorId(string text) => Results.Problem($"'{text}' is not a distributor id.", statusCode: StatusCodes.Status422UnprocessableEntity);

    private static IResult NoDistributor(DistributorId distributor) =>
        Results.Problem($"There is no distributor {distributor}.", statusCode: StatusCodes.Status404NotFound);
}
