using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>Where operators suspend merchants, let them go on and close them.</summary>
internal sealed class MerchantDesk(ApplicationStore store, MerchantRegistry merchants, TimeProvider clock, ILogger<MerchantDesk> logger)
{
    private const int MaxReason = 200, MaxConflicts = 10;

    /// <summary>Lets a merchant go to another state; what is done stays done.</summary>
    public async Task<IResult> MoveAsync(string merchantId, MerchantState to, HttpContext http, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.ReasonBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        var errors = new Dictionary<string, string[]>();
        var reason = MerchantAnswers.Line("reason", body.Reason, MaxReason, errors);
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);
        for (var attempt = 0; attempt < MaxConflicts; attempt++)
        {
            if (await store.FindAsync(merchant, cancellationToken) is not { } row || await merchants.ReadAsync(merchant, cancellationToken) is not { } profile)
                return MerchantAnswers.NoMerchant(merchant);
            if (row.State == to)
                return Results.Ok(View(profile, row));
            if (!row.State.IsMerchant() || !MerchantStates.MayGo(row.State, to))
                return MerchantAnswers.Conflict("state", $"The merchant is {row.State.Name()} and cannot become {to.Name()}.");
            var person = Person.Of(http.Caller());
            var next = profile with { IsActive = to == MerchantState.Active, IsClosed = to == MerchantState.Closed };
            var moved = await store.TryMoveAsync(
                row, row with { State = to, Reasons = BankReview.Whole(reason) }, person, clock.GetUtcNow(),
                beside => beside.Replace(next, profile.Version), cancellationToken);
            if (moved is null)
                continue;
            MerchantLog.Moved(logger, merchant.Value, row.State.Name(), to.Name(), person.Id);
            http.Audit().Changed(View(profile, row), View(next, moved));
            return Results.Ok(View(next, moved));
        }

        throw new InvalidOperationException($"Merchant {merchant} was written by others {MaxConflicts} times in a row.");
    }

    private MerchantView View(MerchantProfile profile, ApplicationRow row) => MerchantView.Of(profile, row.Distributor, BusinessDay.Of(clock.GetUtcNow()));
}
