using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Functions.Merchants.Distributors;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>
/// <c>POST</c> and <c>GET /api/applications</c>, <c>GET</c> and <c>PUT /api/applications/{merchantId}</c>, and its steps:
/// <c>POST …/{submit|send|return|refuse|approve|activate}</c>.
/// </summary>
internal static class ApplicationEndpoints
{
    private const int MostListed = 500;

    private static readonly string[] Plain =
    [
        "version", "state", "merchantId", "distributorId", "merchantName", "legalName", "licence", "licenceValidUntil", "settlement.kind", "machines",
        "rateBasisPoints", "bankCostBasisPoints", "shares.distributorId", "shares.basisPoints", "acceptWarnings", "to",
    ];

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/applications", FileAsync).Allow([Role.Operator], [Role.Distributor], Owner.Listed).AuditsPlainly(Plain);
        api.MapGet("/applications", ListAsync).Allow([Role.Operator], [Role.Distributor], Owner.Listed);
        api.MapGet("/applications/{merchantId}", FindAsync).Allow([Role.Operator], [Role.Distributor], Owner.Application("merchantId"));
        api.MapPut("/applications/{merchantId}", ChangeAsync).Allow([Role.Operator], [Role.Distributor], Owner.Application("merchantId")).AuditsPlainly(Plain);
        api.MapPost("/applications/{merchantId}/submit", SubmitAsync)
            .Allow([Role.Operator], [Role.Distributor], Owner.Application("merchantId")).AuditsPlainly(Plain);
        api.MapPost("/applications/{merchantId}/send", SendAsync).Allow(Role.Operator).AuditsPlainly(Plain);
        api.MapPost("/applications/{merchantId}/return", ReturnAsync).Allow(Role.Operator).AuditsPlainly(Plain);
        api.MapPost("/applications/{merchantId}/refuse", RefuseAsync).Allow(Role.Operator).AuditsPlainly(Plain);
        api.MapPost("/applications/{merchantId}/approve", ApproveAsync).Allow(Role.Operator).AuditsPlainly([.. Plain, "code"]);
        api.MapPost("/applications/{merchantId}/activate", ActivateAsync).Allow(Role.Operator).AuditsPlainly(Plain);
    }

    private static Task<IResult> FileAsync(HttpContext http, ApplicationDesk desk, CancellationToken cancellationToken) => desk.FileAsync(http, cancellationToken);

    private static async Task<IResult> ListAsync(
        string? state, HttpContext http, ApplicationStore store, DistributorStore distributors, CancellationToken cancellationToken)
    {
        var wanted = MerchantStates.Parse(state);
        if (state is not null && wanted is null)
            return MerchantAnswers.Wrong("state", $"One of {string.Join(", ", Enum.GetValues<MerchantState>().Select(known => known.Name()))}");
        var caller = http.Caller();
        var rows = caller.Is(Role.Operator)
            ? store.ListAsync(wanted, cancellationToken)
            : caller.Scope.Distributors.ToAsyncEnumerable()
                .SelectMany(distributor => distributors.MerchantsAsync(distributor, cancellationToken))
                .Select(async (MerchantId merchant, CancellationToken reading) => await store.FindAsync(merchant, reading))
                .OfType<ApplicationRow>()
                .Where(row => wanted is null || row.State == wanted);
        return Results.Ok(await rows.Take(MostListed).Select(row => ApplicationSummary.Of(row)).ToListAsync(cancellationToken));
    }

    private static Task<IResult> FindAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.FindAsync(merchantId, http, cancellationToken);

    private static Task<IResult> ChangeAsync(string merchantId, HttpContext http, ApplicationDesk desk, CancellationToken cancellationToken) =>
        desk.ChangeAsync(merchantId, http, cancellationToken);

    private static Task<IResult> SubmitAsync(string merchantId, HttpContext http, ApplicationDesk desk, CancellationToken cancellationToken) =>
        desk.SubmitAsync(merchantId, http, cancellationToken);

    private static Task<IResult> SendAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.SendAsync(merchantId, http, cancellationToken);

    private static Task<IResult> ReturnAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.ReturnAsync(merchantId, http, cancellationToken);

    private static Task<IResult> RefuseAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.RefuseAsync(merchantId, http, cancellationToken);

    private static Task<IResult> ApproveAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.ApproveAsync(merchantId, http, cancellationToken);

    private static Task<IResult> ActivateAsync(string merchantId, HttpContext http, ReviewDesk desk, CancellationToken cancellationToken) =>
        desk.ActivateAsync(merchantId, http, cancellationToken);
}
