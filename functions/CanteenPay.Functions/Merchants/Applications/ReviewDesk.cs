using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Where operators send applications to the bank, give them back, refuse and approve them. Each may be asked for again: what is done stays done.</summary>
internal sealed class ReviewDesk(
    ApplicationStore store, MerchantIndex index, BankReview review, RegistrationPort port, ApplicationViews views, Activation activation, TimeProvider clock)
{
    private const int MaxReasons = 30, MaxReason = 200, MaxField = 50, MinCode = 4, MaxCode = 32, MaxConflicts = 10;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>How an application stands; one that the bank has is asked about.</summary>
    public async Task<IResult> FindAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        if (await store.FindAsync(merchant, cancellationToken) is not { } row)
            return MerchantAnswers.NoApplication(merchant);
        row = await review.GoOnAsync(row, BankReview.Pause, cancellationToken);
        return Results.Ok(await views.OfAsync(row, http.Caller(), cancellationToken));
    }

    /// <summary>Sends an application to the bank: by its interface, or by hand.</summary>
    public async Task<IResult> SendAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, refusal) = await BodyAsync(http, FunctionsJson.Default.SendBody, cancellationToken);
        if (body is null)
            return refusal!;
        if (body.To is not ("bank" or "manual"))
            return MerchantAnswers.Wrong("to", "bank（银行接口）或 manual（人工）/ bank or manual");
        var isByInterface = body.To == "bank";
        if (isByInterface && port.Bank is null)
            return MerchantAnswers.Conflict("no-bank", "No bank interface is set up here: send it by hand (\"manual\").");
        var isRouted = (ApplicationRow row) => row.State == MerchantState.WithBank && row.IsByInterface == isByInterface;
        return await DoAsync(merchantId, http, MerchantState.WithBank, isRouted, async row =>
        {
            if (isByInterface)
                await index.NoteWithBankAsync(row.Merchant, clock.GetUtcNow(), cancellationToken);
            var next = row with
            {
                State = MerchantState.WithBank,
                Reasons = new Dictionary<string, string>(),
                IsByInterface = isByInterface,
                Sendings = row.Sendings + (isByInterface ? 1 : 0),
                IsSent = false,
                BankAskedAt = null,
                BankTrouble = null,
            };
            var person = Person.Of(http.Caller());
            // One that lies with the bank may change its way, also when the interface fails.
            return await store.TryMoveAsync(row, next, person, clock.GetUtcNow(), beside: null, cancellationToken) is { } sent
                ? await review.GoOnAsync(sent, BankReview.Pause, cancellationToken)
                : null;
        }, cancellationToken);
    }

    /// <summary>Gives an application back to its distributor.</summary>
    public async Task<IResult> ReturnAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, refusal) = await BodyAsync(http, FunctionsJson.Default.ReturnBody, cancellationToken);
        if (body is null)
            return refusal!;
        var reasons = body.Reasons ?? new Dictionary<string, string>();
        if (reasons.Count is 0 or > MaxReasons || reasons.Any(reason => !IsReason(reason.Key, MaxField) || !IsReason(reason.Value, MaxReason)))
            return MerchantAnswers.Wrong("reasons", $"1 至 {MaxReasons} 项，每项最多 {MaxReason} 字 / 1 to {MaxReasons} fields with at most {MaxReason} characters each");
        return await DoAsync(
            merchantId, http, MerchantState.Returned, row => row.State == MerchantState.Returned && AreEqual(row.Reasons, reasons),
            row => review.MoveAsync(row, row with { State = MerchantState.Returned, Reasons = reasons }, Person.Of(http.Caller()), cancellationToken), cancellationToken);
    }

    /// <summary>Refuses an application for good.</summary>
    public async Task<IResult> RefuseAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, refusal) = await BodyAsync(http, FunctionsJson.Default.ReasonBody, cancellationToken);
        if (body is null)
            return refusal!;
        var errors = new Dictionary<string, string[]>();
        var reasons = BankReview.Whole(MerchantAnswers.Line("reason", body.Reason, MaxReason, errors));
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);
        return await DoAsync(
            merchantId, http, MerchantState.Refused, row => row.State == MerchantState.Refused,
            row => review.MoveAsync(row, row with { State = MerchantState.Refused, Reasons = reasons }, Person.Of(http.Caller()), cancellationToken), cancellationToken);
    }

    /// <summary>Enters the verification code that the bank gave.</summary>
    public async Task<IResult> ApproveAsync(string merchantId, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, refusal) = await BodyAsync(http, FunctionsJson.Default.ApproveBody, cancellationToken);
        if (body is null)
            return refusal!;
        if (body.Code is not { Length: >= MinCode and <= MaxCode } code || code.AsSpan().ContainsAnyExcept(CodeCharacters))
            return MerchantAnswers.Wrong("code", $"验证码为 {MinCode} 至 {MaxCode} 位字母或数字 / The verification code has {MinCode} to {MaxCode} letters and digits");
        if (body.CodeAgain != code)
            return MerchantAnswers.Wrong("codeAgain", "两次输入不一致 / The second entry differs from the first");
        var isTaken = false;
        var answer = await DoAsync(
            merchantId, http, MerchantState.Approved, row => row.Code == code && row.State == MerchantState.Approved,
            async row =>
            {
                (var approved, isTaken) = await review.ApproveAsync(row, code, Person.Of(http.Caller()), cancellationToken);
                return isTaken ? row : approved;
            },
            cancellationToken);
        return isTaken ? MerchantAnswers.Wrong("code", "此验证码已属于另一商户 / Another merchant has this code") : answer;
    }

    /// <summary>Makes a merchant of an approved application.</summary>
    public Task<IResult> ActivateAsync(string merchantId, HttpContext http, CancellationToken cancellationToken) => DoAsync(
        merchantId, http, MerchantState.Active, row => row.State == MerchantState.Active,
        row => activation.TryActivateAsync(row, Person.Of(http.Caller()), cancellationToken), cancellationToken);

    private async Task<IResult> DoAsync(
        string merchantId, HttpContext http, MerchantState to, Func<ApplicationRow, bool> isDone, Func<ApplicationRow, Task<ApplicationRow?>> tryAsync,
        CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await store.FindAsync(merchant, cancellationToken) is not { } row)
                return MerchantAnswers.NoApplication(merchant);
            if (isDone(row))
                return Results.Ok(await views.OfAsync(row, http.Caller(), cancellationToken));
            var isRerouted = row.State == MerchantState.WithBank && to == MerchantState.WithBank;
            if (row.State.IsMerchant() || (!isRerouted && !MerchantStates.MayGo(row.State, to)))
                return MerchantAnswers.Conflict("state", $"The application is {row.State.Name()} and cannot become {to.Name()}.");
            if (await tryAsync(row) is not { } after)
                continue;
            http.Audit().Changed(ApplicationSummary.Of(row), ApplicationSummary.Of(after));
            return Results.Ok(await views.OfAsync(after, http.Caller(), cancellationToken));
        }

        throw new InvalidOperationException($"The application of merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    private static async Task<(T? Body, IResult? Refusal)> BodyAsync<T>(HttpContext http, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => await RequestJson.ReadAsync(http.Request, type, cancellationToken);

    private static bool AreEqual(IReadOnlyDictionary<string, string> some, IReadOnlyDictionary<string, string> others) =>
        some.Count == others.Count && some.All(reason => others.TryGetValue(reason.Key, out var other) && other == reason.Value);

    private static bool IsReason(string? text, int most) => text is { Length: > 0 } && text.Length <= most && !text.Any(char.IsControl);
}
