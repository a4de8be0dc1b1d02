using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary><c>GET /api/merchants</c>, <c>GET /api/merchants/{merchantId}</c>, <c>POST …/{suspend|resume|close}</c>.</summary>
internal static class MerchantEndpoints
{
    private const int MostListed = 1_000;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/merchants", ListAsync).Allow([Role.Operator, Role.Finance], [Role.Merchant, Role.Distributor], Owner.Listed);
        api.MapGet("/merchants/{merchantId}", FindAsync)
            .Allow([Role.Operator, Role.Finance], [Role.Merchant, Role.Distributor], Owner.Merchant("merchantId"));
        api.MapPost("/merchants/{merchantId}/suspend", SuspendAsync).Allow(Role.Operator).AuditsPlainly("state", "reason");
        api.MapPost("/merchants/{merchantId}/resume", ResumeAsync).Allow(Role.Operator).AuditsPlainly("state", "reason");
        api.MapPost("/merchants/{merchantId}/close", CloseAsync).Allow(Role.Operator).AuditsPlainly("state", "reason");
    }

    private static async Task<IResult> ListAsync(
        HttpContext http, MerchantRegistry merchants, DistributorStore distributors, ApplicationStore applications, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var caller = http.Caller();
        var profiles = caller.IsAny([Role.Operator, Role.Finance])
            ? merchants.ListAsync(cancellationToken)
            : OwnOf(caller, distributors, cancellationToken).Distinct()
                .Select(async (MerchantId merchant, CancellationToken reading) => await merchants.FindAsync(merchant, reading))
                .OfType<MerchantProfile>();
        var today = BusinessDay.Of(clock.GetUtcNow());
        return Results.Ok(await profiles.Take(MostListed)
            .Select(async (MerchantProfile profile, CancellationToken reading) =>
                MerchantView.Of(profile, await applications.DistributorOfAsync(profile.Id, reading), today))
            .ToListAsync(cancellationToken));
    }

    private static async Task<IResult> FindAsync(
        string merchantId, MerchantRegistry merchants, ApplicationStore applications, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var merchant))
            return MerchantAnswers.NoMerchantId(merchantId);
        return await merchants.ReadAsync(merchant, cancellationToken) is { } profile
            ? Results.Ok(MerchantView.Of(profile, await applications.DistributorOfAsync(merchant, cancellationToken), BusinessDay.Of(clock.GetUtcNow())))
            : MerchantAnswers.NoMerchant(merchant);
    }

    private static Task<IResult> SuspendAsync(string merchantId, HttpContext http, MerchantDesk desk, CancellationToken cancellationToken) =>
        desk.MoveAsync(merchantId, MerchantState.Suspended, http, cancellationToken);

    private static Task<IResult> ResumeAsync(string merchantId, HttpContext http, MerchantDesk desk, CancellationToken cancellationToken) =>
        desk.MoveAsync(merchantId, MerchantState.Active, http, cancellationToken);

    private static Task<IResult> CloseAsync(string merchantId, HttpContext http, MerchantDesk desk, CancellationToken cancellationToken) =>
        desk.MoveAsync(merchantId, MerchantState.Closed, http, cancellationToken);

    private static IAsyncEnumerable<MerchantId> OwnOf(Caller caller, DistributorStore distributors, CancellationToken cancellationToken)
    {
        var own = caller.Is(Role.Merchant) ? caller.Scope.Merchants : (IEnumerable<MerchantId>)[];
        var brought = caller.Is(Role.Distributor)
            ? caller.Scope.Distributors.ToAsyncEnumerable().SelectMany(distributor => distributors.MerchantsAsync(distributor, cancellationToken))
            : AsyncEnumerable.Empty<MerchantId>();
        return own.ToAsyncEnumerable().Concat(brought);
    }
}

/// <summary>A merchant as it is shown.</summary>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Name">What diners read.</param>
/// <param name="State">How far it is: <c>active</c>, <c>suspended</c> or <c>closed</c>.</param>
/// <param name="MayCollect">Whether it may begin cloud payments today.</param>
/// <param name="DistributorId">Who brought it.</param>
/// <param name="Channel">Which channel collects for it.</param>
/// <param name="Code">Its number there.</param>
/// <param name="RateBasisPoints">What a payment costs it today.</param>
/// <param name="PaidUntil">The last paid day of its service.</param>
/// <param name="CollectUntil">The last day of grace.</param>
internal sealed record MerchantView(
    MerchantId MerchantId, string Name, string State, bool MayCollect, DistributorId? DistributorId, string Channel, string Code, int RateBasisPoints,
    DateOnly? PaidUntil, DateOnly? CollectUntil)
{
    public static MerchantView Of(MerchantProfile profile, DistributorId? distributor, DateOnly today) => new(
        profile.Id, profile.Name, profile.State.Name(), profile.MayCollect(today), distributor, profile.Channel, profile.ChannelMerchantId,
        profile.RateOn(today), profile.PaidUntil, profile.CollectUntil);
}
