using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Identity;

/// <summary>Who one is, <c>GET /api/me</c>, and whose people are: <c>GET /api/members</c>, <c>GET</c> and <c>PUT /api/members/{objectId}</c>.</summary>
internal static class MemberEndpoints
{
    private const int MostListed = 1000;
    private const int MostIds = 500;
    private const int LongestName = 64;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me", static (HttpContext http) => Results.Ok(MeView.Of(http.Caller()))).Allow([.. Roles.All]);
        api.MapGet("/members", ListAsync).Allow(Role.Operator);
        api.MapGet("/members/{objectId}", FindAsync).Allow(Role.Operator);
        api.MapPut("/members/{objectId}", ChangeAsync).Allow(Role.Operator).AuditsPlainly("distributors", "merchants", "active", "version");
    }

    private static async Task<IResult> ListAsync(MemberStore store, CancellationToken cancellationToken) =>
        Results.Ok(await store.ListAsync(cancellationToken).Take(MostListed).Select(MemberView.Of).ToListAsync(cancellationToken));

    private static async Task<IResult> FindAsync(string objectId, MemberStore store, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(objectId, out var id))
            return NoObjectId();
        return await store.FindAsync(id.ToString(), cancellationToken) is { } member
            ? Results.Ok(MemberView.Of(member))
            : Results.Problem($"Nothing was said yet of person {id}.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> ChangeAsync(string objectId, HttpContext http, MemberStore store, CancellationToken cancellationToken)
    {
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.MemberBody, cancellationToken);
        if (body is null)
            return unreadable!;
        if (!Guid.TryParse(objectId, out var id))
            return NoObjectId();
        var caller = http.Caller().ObjectId;
        if (id.ToString() == caller)
            return Results.Problem("Nobody changes what is said of themselves: another operator does it.", statusCode: StatusCodes.Status403Forbidden);
        // The gate may still remember them as they were: who was blocked a moment ago blocks and unblocks nobody.
        if (await store.FindAsync(caller, cancellationToken) is { IsActive: false })
            return Results.Problem("You were blocked. An operator can say why.", statusCode: StatusCodes.Status403Forbidden);
        var errors = Errors(body);
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);

        var stored = await store.FindAsync(id.ToString(), cancellationToken);
        var scope = new Scope(body.Distributors.Select(DistributorId.Parse).ToHashSet(), body.Merchants.Select(MerchantId.Parse).ToHashSet());
        var next = new Member(id.ToString(), body.Name, scope, body.Active, body.Version + 1);
        // The same change again, because its answer was lost.
        if (stored is not null && stored.Number == next.Number && stored.SaysTheSameAs(next))
        {
            http.Audit().Repeats();
            return Results.Ok(MemberView.Of(stored));
        }

        if ((stored?.Number ?? 0) != body.Version || !await store.TryWriteAsync(next, stored, cancellationToken))
        {
            return Results.Problem(
                $"Person {id} was changed by somebody else: it is no longer version {body.Version}. Read it again.", statusCode: StatusCodes.Status409Conflict);
        }

        http.Audit().Changed(stored is null ? null : MemberView.Of(stored), MemberView.Of(next));
        return Results.Ok(MemberView.Of(next));
    }

    private static Dictionary<string, string[]> Errors(MemberBody body)
    {
        var errors = new Dictionary<string, string[]>();
        if (body.Name.Length is 0 or > LongestName || body.Name.Any(char.IsControl))
            errors["name"] = [$"1 to {LongestName} characters on one line."];
        Check("distributors", body.Distributors, text => DistributorId.TryParse(text, null, out _));
        Check("merchants", body.Merchants, text => MerchantId.TryParse(text, null, out _));
        if (body.Version < 0)
            errors["version"] = ["The version that is changed; 0 for a new one."];
        return errors;

        void Check(string field, IReadOnlyList<string?> ids, Func<string?, bool> isId)
        {
            if (ids.Count > MostIds || !ids.All(isId))
                errors[field] = [$"At most {MostIds} ids of 8 characters."];
        }
    }

    private static IResult NoObjectId() =>
        Results.Problem("That is no object id of the directory: a GUID.", statusCode: StatusCodes.Status422UnprocessableEntity);
}
