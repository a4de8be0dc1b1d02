using System.Security.Cryptography;
using System.Text.Json;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Functions.Sealing;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Where distributors file applications, change them and hand them in.</summary>
internal sealed class ApplicationDesk(
    ApplicationStore store, DistributorStore distributors, MerchantKeys keys, ApplicationViews views, MerchantIndex index, IPapers papers,
    ApplicationSettings settings, TimeProvider clock, ILogger<ApplicationDesk> logger)
{
    /// <summary>Files a draft, once for a key.</summary>
    public async Task<IResult> FileAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.ApplicationBody, cancellationToken);
        if (body is null)
            return unreadable!;
        var caller = http.Caller();
        var rules = Rules(caller);
        var key = MerchantAnswers.Key(http, rules.Errors);
        if (DistributorOf(body, caller) is not { } distributor)
            return MerchantAnswers.Wrong("distributorId", "经销商编号 / Which distributor files it");
        if (!Acts(caller, distributor) || await distributors.FindAsync(distributor, cancellationToken) is null)
            return Results.Problem($"There is no distributor {distributor}.", statusCode: StatusCodes.Status404NotFound);
        var (form, plain) = rules.Read(body, new(), distributor);
        await CheckSharesAsync(form, rules, cancellationToken);
        if (rules.Errors.Count > 0)
            return MerchantAnswers.Wrong(rules.Errors);

        var now = clock.GetUtcNow();
        var merchant = await distributors.FileAsync(distributor, key, now, cancellationToken);
        var dataKey = await keys.OfAsync(merchant, cancellationToken);
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, FunctionsJson.Default.ApplicationBody)));
        var filed = new ApplicationRow(merchant, distributor, form, SealedFields.Seal(dataKey, plain, SealedFields.None), now)
        {
            SealedHash = dataKey.SealText(hash, "filed"),
        };
        var stored = await store.InsertAsync(filed, Person.Of(caller), cancellationToken);
        if (stored.SealedHash is not { } kept || dataKey.OpenText(kept, "filed") != hash)
            return MerchantAnswers.KeyReused();
        if (stored.SealedHash == filed.SealedHash)
        {
            MerchantLog.Filed(logger, merchant.Value, distributor.Value);
            http.Audit().Changed<ApplicationForm>(null, stored.Form);
        }
        else
        {
            http.Audit().Repeats();
        }

        return Results.Created($"/api/applications/{merchant}", await views.OfAsync(stored, caller, cancellationToken));
    }

    /// <summary>Changes a draft, or one that was returned.</summary>
    public async Task<IResult> ChangeAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.ApplicationBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        if (await store.FindAsync(merchant, cancellationToken) is not { } row)
            return MerchantAnswers.NoApplication(merchant);
        var rules = Rules(http.Caller());
        if (body.Version is null)
            rules.Errors["version"] = ["The version that is changed."];
        if (body.DistributorId is { } distributor && distributor != row.Distributor.Value)
            rules.Errors["distributorId"] = ["申请归属的经销商不能更改 / An application stays with its distributor"];
        var (form, plain) = rules.Read(body, row.Form, row.Distributor);
        await CheckSharesAsync(form, rules, cancellationToken);
        if (rules.Errors.Count > 0)
            return MerchantAnswers.Wrong(rules.Errors);
        if (!row.State.IsEditable())
            return MerchantAnswers.Conflict("state", $"The application is {row.State.Name()}: only a draft, or one that was returned, can be changed.");
        if (body.Version != row.Number)
            return Stale(row);

        var sealedFields = SealedFields.Seal(await keys.OfAsync(merchant, cancellationToken), plain, row.Sealed);
        if (await store.TryUpdateAsync(row with { Form = form, Sealed = sealedFields, Number = row.Number + 1 }, cancellationToken) is not { } changed)
            return Stale(row);
        http.Audit().Changed(row.Form, changed.Form);
        return Results.Ok(await views.OfAsync(changed, http.Caller(), cancellationToken));
    }

    /// <summary>Hands an application in.</summary>
    public async Task<IResult> SubmitAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.SubmitBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        if (await store.FindAsync(merchant, cancellationToken) is not { } row)
            return MerchantAnswers.NoApplication(merchant);
        // The same again, because its answer was lost.
        if (row.State == MerchantState.Submitted && row.Number == body.Version + 1)
            return Results.Ok(await views.OfAsync(row, http.Caller(), cancellationToken));
        if (!MerchantStates.MayGo(row.State, MerchantState.Submitted))
            return MerchantAnswers.Conflict("state", $"The application is {row.State.Name()}: only a draft, or one that was returned, can be submitted.");
        var rules = Rules(http.Caller());
        if (body.Version is null)
            rules.Errors["version"] = ["The version that is submitted."];
        rules.CheckComplete(row.Form, await papers.ListAsync(merchant, cancellationToken));
        await CheckSharesAsync(row.Form, rules, cancellationToken);
        if (rules.Errors.Count > 0)
            return MerchantAnswers.Wrong(rules.Errors);
        if (body.Version != row.Number)
            return Stale(row);

        await index.NoteLicenceAsync(row.Form.Licence!, merchant, cancellationToken);
        var next = row with { State = MerchantState.Submitted, Reasons = new Dictionary<string, string>() };
        var person = Person.Of(http.Caller());
        if (await store.TryMoveAsync(row, next, person, clock.GetUtcNow(), beside: null, cancellationToken) is not { } submitted)
            return Stale(row);
        MerchantLog.Moved(logger, merchant.Value, row.State.Name(), submitted.State.Name(), person.Id);
        http.Audit().Changed(ApplicationSummary.Of(row), ApplicationSummary.Of(submitted));
        return Results.Ok(await views.OfAsync(submitted, http.Caller(), cancellationToken));
    }

    private ApplicationRules Rules(Caller caller) => new(BusinessDay.Of(clock.GetUtcNow()), settings.BankCostBasisPoints, caller.Is(Role.Operator));

    private async Task CheckSharesAsync(ApplicationForm form, ApplicationRules rules, CancellationToken cancellationToken)
    {
        if (rules.Errors.ContainsKey("shares") || ApplicationRules.TermsOf(form) is not { } terms)
            return;
        if (await distributors.MissingAsync(terms.Shares, cancellationToken) is { } missing)
            rules.Errors["shares"] = [$"没有经销商 {missing} / There is no distributor {missing}"];
    }

    private static DistributorId? DistributorOf(ApplicationBody body, Caller caller)
    {
        if (body.DistributorId is { } named)
            return DistributorId.TryParse(named, null, out var id) ? id : null;
        return caller.Scope.Distributors.Count == 1 ? caller.Scope.Distributors.Single() : null;
    }

    private static bool Acts(Caller caller, DistributorId distributor) => caller.Is(Role.Operator) || caller.Scope.Distributors.Contains(distributor);

    private static IResult Stale(ApplicationRow row) => MerchantAnswers.Conflict(
        "version", $"The application was changed by somebody else: it is no longer the version that you read, but {row.Number} or later. Read it again.");
}
