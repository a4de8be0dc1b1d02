using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Cards.Operations.Rules;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Operations;

/// <summary>The desk at which operations are asked for.</summary>
internal sealed class Office(MerchantRegistry merchants, CardStore cards, OperationStore store, OperationLife life, BookedTaps taps, TimeProvider clock)
{
    /// <summary>What was begun is not given up because the caller hung up.</summary>
    private static readonly TimeSpan LongestTaking = TimeSpan.FromSeconds(30);

    /// <summary>Reads what is asked for, does it, and answers.</summary>
    public async Task<IResult> TakeAsync(
        string merchantId, string? accountId, HttpRequest http, Func<OperationReader, CardOperation> read, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http, FunctionsJson.Default.OperationBody, cancellationToken);
        if (body is null)
            return unreadable!;
        var reader = new OperationReader(body);
        var key = reader.Key(http);
        var operation = read(reader);
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            reader.Errors["merchantId"] = [$"'{merchantId}' is not a merchant id."];
        AccountId account = default;
        if (accountId is not null && !AccountId.TryParse(accountId, null, out account))
            reader.Errors["accountId"] = [$"'{accountId}' is not an account id."];
        if (reader.Errors.Count > 0)
            return Results.ValidationProblem(reader.Errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await merchants.FindAsync(merchant, cancellationToken) is null)
            return Results.Problem($"There is no merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);

        using var limit = new CancellationTokenSource(LongestTaking, clock);
        var asked = OperationRow.Asked(merchant, key, accountId is null ? null : account, operation, clock.GetUtcNow());
        var row = accountId is null ? OperationSteps.NewAccount(asked) : await cards.AccountAsync(merchant, account, limit.Token);
        if (row is null)
            return Results.Problem($"There is no account {account} at merchant {merchant}.", statusCode: StatusCodes.Status404NotFound);
        // Before anything is stored: the key stays free for the time when the rest is booked.
        if (operation is ReverseTap tap && await taps.FindAsync(merchant, tap, limit.Token) is { IsWhole: false })
        {
            return Results.Problem(
                "The tap, or a part of it, is not booked yet. Ask again, with the same key, when its machine has sent what it holds.",
                statusCode: StatusCodes.Status409Conflict,
                extensions: [new("code", OperationRefusal.NotBookedYet)]);
        }

        if (await life.RequestAsync(asked, row, limit.Token) is not { } progress)
        {
            return Results.Problem(
                "The key was used before for another operation. Use a new key for a new operation.",
                statusCode: StatusCodes.Status409Conflict,
                extensions: [new("code", OperationRefusal.KeyReused)]);
        }

        Tell(http.HttpContext.Audit(), accountId is null ? null : row, progress);
        return Answer(progress);
    }

    /// <summary>What the account was when it was read, and what it came to.</summary>
    private static void Tell(AuditedChange audit, AccountRow? before, OperationProgress progress)
    {
        if (progress.IsRepeat)
        {
            audit.Repeats();
            return;
        }

        var after = OperationView.Of(progress);
        audit.Changed(
            before is null
                ? null
                : after with { State = "asked", Entries = [], Balance = before.Account.Balance, AccountState = before.Account.State, WaitsFor = null, Refusal = null },
            after);
    }

    /// <summary>How an operation stands; one that was left behind goes on by being looked at.</summary>
    public async Task<IResult> FindAsync(string merchantId, string key, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant) || !OperationReader.IsKey(key))
            return Results.Problem($"'{merchantId}' is not a merchant id, or '{key}' no key of an operation.", statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await store.FindAsync(merchant, key, cancellationToken) is not { } row)
            return Results.Problem($"Merchant {merchant} has no operation {key}.", statusCode: StatusCodes.Status404NotFound);
        using var limit = new CancellationTokenSource(LongestTaking, clock);
        return Results.Ok(OperationView.Of(row.IsFinished ? await life.ShowAsync(row, limit.Token) : await life.GoOnAsync(row, account: null, heard: null, limit.Token)));
    }

    private static IResult Answer(OperationProgress progress)
    {
        var view = OperationView.Of(progress);
        var where = $"/api/cards/{progress.Row.Merchant}/operations/{view.Key}";
        return progress switch
        {
            { Refused: { } refused } => Results.Problem(refused.Message, statusCode: StatusCodes.Status409Conflict, extensions: [new("code", refused.Code)]),
            { Row.IsFinished: false } => Results.Accepted(where, view),
            { Row.Operation: OpenAccount } => Results.Created($"/api/cards/{progress.Row.Merchant}/accounts/{view.AccountId}", view),
            _ => Results.Ok(view),
        };
    }
}
