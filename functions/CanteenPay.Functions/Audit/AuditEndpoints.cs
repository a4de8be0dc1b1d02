using System.Globalization;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>Reads the audit: <c>GET /api/audit/{yyyy-MM-dd}?after=seq</c>, page by page, and <c>GET /api/audit/{yyyy-MM-dd}/check</c>.</summary>
internal static class AuditEndpoints
{
    private const int PageLength = 200;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/audit/{day}", ListAsync).Allow(Role.Operator);
        api.MapGet("/audit/{day}/check", CheckAsync).Allow(Role.Operator);
    }

    private static async Task<IResult> ListAsync(string day, string? after, AuditStore store, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var date = Day(day, errors);
        var seq = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out seq))
            errors["after"] = ["The number of the last entry that was read."];
        if (errors.Count > 0)
            return Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity);
        var rows = await store.ListAsync(date, seq, PageLength + 1, cancellationToken).Take(PageLength + 1).ToListAsync(cancellationToken);
        return Results.Ok(new AuditPage(date, [.. rows.Take(PageLength).Select(AuditEntryView.Of)], rows.Count > PageLength ? rows[PageLength - 1].Seq : null));
    }

    private static async Task<IResult> CheckAsync(string day, AuditCheck check, CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var date = Day(day, errors);
        return errors.Count > 0
            ? Results.ValidationProblem(errors, statusCode: StatusCodes.Status422UnprocessableEntity)
            : Results.Ok(await check.CheckAsync(date, cancellationToken));
    }

    private static DateOnly Day(string text, Dictionary<string, string[]> errors)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            errors["day"] = [$"'{text}' is not a day such as 2026-11-22."];
        return day;
    }
}

/// <summary>Entries of a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Entries">In their order.</param>
/// <param name="Next">What to ask after for more; null when these are the last.</param>
internal sealed record AuditPage(DateOnly Day, IReadOnlyList<AuditEntryView> Entries, long? Next);

/// <summary>An entry as it is shown. What was asked and what came of it have the same request.</summary>
internal sealed record AuditEntryView(
    long Seq, string Request, DateTimeOffset At, AuditKind Kind, string Who, string Name, string Roles, string What, string Subject, string From, string? Body,
    int? Status, string? Before, string? After, string Hash)
{
    public static AuditEntryView Of(AuditRow row) => new(
        row.Seq,
        row.Entry.Request,
        BusinessDay.Local(row.Entry.At),
        row.Entry.Kind,
        row.Entry.Who,
        row.Entry.Name,
        row.Entry.Roles,
        row.Entry.What,
        row.Entry.Subject,
        row.Entry.From,
        row.Entry.Body,
        row.Entry.Status,
        row.Entry.Before,
        row.Entry.After,
        row.Hash);
}
