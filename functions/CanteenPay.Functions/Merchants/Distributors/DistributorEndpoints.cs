using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Distributors;

/// <summary><c>POST</c> and <c>GET /api/distributors</c>, <c>GET /api/distributors/{distributorId}</c>.</summary>
internal static class DistributorEndpoints
{
    private const int MaxName = 50, MostListed = 500;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/distributors", CreateAsync).Allow(Role.Operator).AuditsPlainly("name", "distributorId");
        api.MapGet("/distributors", ListAsync).Allow([Role.Operator, Role.Finance], [Role.Distributor], Owner.Listed);
        api.MapGet("/distributors/{distributorId}", FindAsync)
            .Allow([Role.Operator, Role.Finance], [Role.Distributor], Owner.Distributor("distributorId"));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, DistributorStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.DistributorBody, cancellationToken);
        if (body is null)
            return unreadable!;
        var errors = new Dictionary<string, string[]>();
        var key = MerchantAnswers.Key(http, errors);
        var name = MerchantAnswers.Line("name", body.Name, MaxName, errors);
        if (errors.Count > 0)
            return MerchantAnswers.Wrong(errors);
        var (row, isNew) = await store.InsertAsync(key, name, clock.GetUtcNow(), cancellationToken);
        if (row.Name != name)
            return MerchantAnswers.KeyReused();
        if (isNew)
            http.Audit().Changed(null, DistributorView.Of(row));
        else
            http.Audit().Repeats();
        return Results.Created($"/api/distributors/{row.Id}", DistributorView.Of(row));
    }

    private static async Task<IResult> ListAsync(HttpContext http, DistributorStore store, CancellationToken cancellationToken)
    {
        var caller = http.Caller();
        var rows = caller.IsAny([Role.Operator, Role.Finance])
            ? store.ListAsync(cancellationToken)
            : caller.Scope.Distributors.ToAsyncEnumerable()
                .Select(async (DistributorId distributor, CancellationToken reading) => await store.FindAsync(distributor, reading))
                .OfType<DistributorRow>();
        return Results.Ok(await rows.Take(MostListed).Select(row => DistributorView.Of(row)).ToListAsync(cancellationToken));
    }

    private static async Task<IResult> FindAsync(string distributorId, DistributorStore store, CancellationToken cancellationToken)
    {
        if (!DistributorId.TryParse(distributorId, null, out var distributor))
            return Results.Problem($"'{distributorId}' is not a distributor id.", statusCode: StatusCodes.Status422UnprocessableEntity);
        return await store.FindAsync(distributor, cancellationToken) is { } row
            ? Results.Ok(DistributorView.Of(row))
            : Results.Problem($"There is no distributor {distributor}.", statusCode: StatusCodes.Status404NotFound);
    }
}

/// <summary>Body of a new distributor.</summary>
internal sealed record DistributorBody(string? Name = null);

/// <summary>A distributor as it is shown.</summary>
internal sealed record DistributorView(DistributorId DistributorId, string Name, DateTimeOffset CreatedAt)
{
    public static DistributorView Of(DistributorRow row) => new(row.Id, row.Name, BusinessDay.Local(row.CreatedAt));
}
