using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Copies;

/// <summary><c>GET /api/copies</c>: which copies of the tables there are. <c>POST /api/copies</c>: make one now.</summary>
internal static class CopyEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/copies", ListAsync).Allow(Role.Operator);
        api.MapPost("/copies", BeginAsync).Allow(Role.Operator).AuditsPlainly("began", "tables", "slices");
    }

    private static async Task<IResult> ListAsync(CopyCatalog catalog, CancellationToken cancellationToken) =>
        Results.Ok((await catalog.ListAsync(cancellationToken)).Select(CopyView.Of).ToList());

    /// <summary>Twice within a minute is once.</summary>
    private static async Task<IResult> BeginAsync(HttpContext http, CopyStart start, CopyCatalog catalog, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var plan = await start.BeginAsync(CopyLabel.OnDemand(now), now, cancellationToken);
        var view = CopyView.Of(await catalog.FindAsync(plan.Label, cancellationToken) ?? new(plan, new Dictionary<CopyPlace, (long, int)>()));
        if (plan.Began == now)
            http.Audit().Changed(null, view);
        else
            http.Audit().Repeats();
        return Results.Accepted("/api/copies", view);
    }
}

/// <summary>A copy as it is shown.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Began">When it was begun, in Asia/Shanghai.</param>
/// <param name="IsComplete">Whether all is there.</param>
/// <param name="Rows">The rows of the slices that are whole.</param>
/// <param name="Tables">How many tables it is to hold, each account's counted.</param>
/// <param name="Slices">How many slices it is to hold.</param>
/// <param name="Missing">The slices that are not whole, as account/table/slice.</param>
internal sealed record CopyView(string Label, DateTimeOffset Began, bool IsComplete, long Rows, int Tables, int Slices, IReadOnlyList<string> Missing)
{
    public static CopyView Of(CopyState copy) => new(
        copy.Plan.Label,
        BusinessDay.Local(copy.Plan.Began),
        copy.IsComplete,
        copy.Rows,
        copy.Plan.Tables.Count,
        copy.Plan.Slices().Count(),
        [.. copy.Missing.Select(place => $"{place.Account}/{place.Table}/{place.Slice:D2}")]);
}
