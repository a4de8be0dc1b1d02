using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>
/// The office's page of an account: <c>GET /api/cards/{merchant}/accounts/{account}</c>, or by one of its cards, <c>POST …/cards/find</c>: hosts log addresses, and a
/// card's number is to stand in no log.
/// </summary>
internal static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/cards/{merchantId}/accounts/{accountId}", FindAsync).Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Merchant("merchantId"));
        api.MapPost("/cards/{merchantId}/cards/find", FindByCardAsync).Allow(to: [Role.Operator, Role.Finance], own: [Role.Merchant], of: Owner.Merchant("merchantId"));
    }

    private static async Task<IResult> FindAsync(string merchantId, string accountId, CardStore cards, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant) || !AccountId.TryParse(accountId, null, out var account))
            return Results.Problem($"'{merchantId}' is not a merchant id, or '{accountId}' no account id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        return await cards.AccountAsync(merchant, account, cancellationToken) is { } row
            ? Results.Ok(AccountPage.Of(row.Account))
            : Results.Problem($"There is no account {account} at merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> FindByCardAsync(string merchantId, HttpRequest http, CardStore cards, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http, FunctionsJson.Default.FindCardBody, cancellationToken);
        if (body is null)
            return unreadable!;
        // The number is not said again: what was typed wrong may still be somebody's card.
        if (!MerchantId.TryParse(merchantId, null, out var merchant) || !CardNo.TryParse(body.CardNo.Trim().ToUpperInvariant(), null, out var no))
        {
            return Results.Problem(
                $"That is not a merchant id and a card number: {CardNo.MinLength} to {CardNo.MaxLength} hexadecimal digits.", statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        return await cards.FindAsync<CardRow>(merchant, CardKeys.Card(no), cancellationToken) is { } card
            && await cards.AccountAsync(merchant, card.Account, cancellationToken) is { } row
            ? Results.Ok(AccountPage.Of(row.Account))
            : Results.Problem($"Merchant {merchant} never issued card {no}.", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>Which card is looked for; read in any case.</summary>
internal sealed record FindCardBody(string CardNo);

/// <summary>An account as the office sees it; the only view with cards' numbers in full, since cards are found by them. Amounts in fen.</summary>
internal sealed record AccountPage(
    AccountId AccountId, AccountState State, DateTimeOffset? StateSince, string CardType, string? Name, string? Department, Fen Balance,
    IReadOnlyList<AccountCard> Cards, IReadOnlyList<PurseLot> Purses, SpendCounters? Counters, long Version)
{
    public static AccountPage Of(CardAccount account) => new(
        account.AccountId,
        account.State,
        account.StateSince is { } since ? BusinessDay.Local(since) : null,
        account.CardType,
        account.Name,
        account.Department,
        account.Balance,
        account.Cards,
        account.Purses,
        account.Counters,
        account.Version);
}
