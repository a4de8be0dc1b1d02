using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Identity;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>
/// What the office does: <c>POST /api/cards/{merchant}/accounts</c> opens an account, <c>POST …/accounts/{account}/{topups|subsidies|lost|found|replace|close|expiries|reversals}</c>
/// changes it, each under an <c>Idempotency-Key</c>; <c>GET …/operations/{key}</c> shows how one stands.
/// </summary>
internal static class OperationEndpoints
{
    private static readonly string[] PlainFields =
    [
        "key", "kind", "accountId", "amount", "cardType", "validUntil", "withhold", "lot", "tapId", "state", "postingDay", "balance", "accountState",
        "entries.kind", "entries.purse", "entries.lot", "entries.amount", "entries.balanceAfter", "entries.postingDay",
    ];

    public static void Map(RouteGroupBuilder api)
    {
        var merchant = api.MapGroup("/cards/{merchantId}");
        var change = merchant.MapGroup("").Allow(to: [Role.Operator], own: [Role.Merchant], of: Owner.Merchant("merchantId"))
            .AuditsPlainly(PlainFields);
        change.MapPost("/accounts", OpenAsync);
        var account = change.MapGroup("/accounts/{accountId}");
        MapOperation(account, "/topups", reader => reader.TopUp());
        MapOperation(account, "/subsidies", reader => reader.Grant());
        MapOperation(account, "/lost", reader => reader.Lost());
        MapOperation(account, "/found", reader => reader.Found());
        MapOperation(account, "/replace", reader => reader.Replace());
        MapOperation(account, "/close", reader => reader.Close());
        MapOperation(account, "/expiries", reader => reader.Expire());
        MapOperation(account, "/reversals", reader => reader.Reverse());
        merchant.MapGet("/operations/{key}", FindAsync).Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Merchant("merchantId"));
    }

    private static void MapOperation(RouteGroupBuilder account, string route, Func<OperationReader, CardOperation> read) => account.MapPost(
        route,
        (string merchantId, string accountId, HttpRequest http, Office office, CancellationToken cancellationToken) =>
            office.TakeAsync(merchantId, accountId, http, read, cancellationToken));

    private static Task<IResult> OpenAsync(string merchantId, HttpRequest http, Office office, CancellationToken cancellationToken) =>
        office.TakeAsync(merchantId, accountId: null, http, reader => reader.Open(), cancellationToken);

    private static async Task<IResult> FindAsync(string merchantId, string key, Office office, CancellationToken cancellationToken) =>
        await office.FindAsync(merchantId, key, cancellationToken);
}
