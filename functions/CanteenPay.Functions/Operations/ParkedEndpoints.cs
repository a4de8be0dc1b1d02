using System.Globalization;
using System.Text;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Operations;

/// <summary>
/// What waits for a person: <c>GET /api/parked?day=yyyy-MM-dd</c> (with <c>&amp;open=true</c> what nobody has dealt with), <c>GET /api/parked/{day}/{key}</c> with its body,
/// <c>POST /api/parked/{day}/{key}/send-again</c> for messages, <c>POST /api/parked/{day}/{key}/settled</c> when it is dealt with.
/// </summary>
internal static class ParkedEndpoints
{
    private const int MostListed = 500;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/parked", ListAsync).Allow(Role.Operator, Role.Finance);
        api.MapGet("/parked/{day}/{key}", FindAsync).Allow(Role.Operator, Role.Finance);
        api.MapPost("/parked/{day}/{key}/send-again", SendAgainAsync).Allow(Role.Operator).AuditsPlainly("day", "source", "itemId", "sentAgain");
        api.MapPost("/parked/{day}/{key}/settled", SettleAsync).Allow(Role.Operator, Role.Finance).AuditsPlainly("day", "source", "itemId", "sentAgain");
    }

    private static async Task<IResult> ListAsync(string? day, bool? open, ParkedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var date = BusinessDay.Of(clock.GetUtcNow());
        if (day is not null && !TryDay(day, out date))
            return NoDay(day);
        return Results.Ok(
            await store.ListAsync(date, cancellationToken).Where(item => open != true || item.Settled is null).Take(MostListed).Select(item => ParkedView.Of(item)).ToListAsync(cancellationToken));
    }

    private static async Task<IResult> FindAsync(string day, string key, ParkedStore store, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        return await store.FindAsync(date, key, cancellationToken) is { } item
            ? Results.Ok(ParkedView.Of(item) with { Body = Readable(item.Body) })
            : NotThere(day, key);
    }

    private static async Task<IResult> SendAgainAsync(
        string day, string key, HttpContext http, ParkedStore store, ParkedSender sender, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        if (await store.FindAsync(date, key, cancellationToken) is not { } item)
            return NotThere(day, key);
        if (!ParkedSender.CanSend(item))
        {
            return Results.Problem(
                $"This is no message of a queue but a matter of '{item.Source}': {item.Reason} Look at the order and decide.", statusCode: StatusCodes.Status409Conflict);
        }

        await sender.SendAsync(item, cancellationToken);
        http.Audit().Changed(ParkedView.Of(item), ParkedView.Of(item with { SentAgain = item.SentAgain + 1 }));
        return Results.Accepted($"/api/parked/{day}/{Uri.EscapeDataString(key)}");
    }

    private static async Task<IResult> SettleAsync(string day, string key, HttpContext http, ParkedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!TryDay(day, out var date))
            return NoDay(day);
        var (body, unreadable) = await RequestJson.ReadAsync(http.Request, FunctionsJson.Default.SettledBody, cancellationToken);
        if (unreadable is not null)
            return unreadable;
        if (body!.Note?.Trim() is not { Length: > 0 and <= ParkedSettled.LongestNote } note)
            return Results.Problem($"note: say in 1 to {ParkedSettled.LongestNote} characters what was done.", statusCode: StatusCodes.Status422UnprocessableEntity);
        if (await store.FindAsync(date, key, cancellationToken) is not { } item)
            return NotThere(day, key);
        if (item.Settled is { } before)
            return Results.Problem($"{before.By} has settled it at {BusinessDay.Local(before.At):yyyy-MM-dd HH:mm}: {before.Note}", statusCode: StatusCodes.Status409Conflict);
        var settled = new ParkedSettled(clock.GetUtcNow(), http.Caller().Name, note);
        if (!await store.TrySettleAsync(item, settled, cancellationToken))
            return Results.Problem("It has come again, or somebody else has dealt with it just now: look at it once more.", statusCode: StatusCodes.Status409Conflict);
        var (was, now) = (ParkedView.Of(item), ParkedView.Of(item with { Settled = settled }));
        http.Audit().Changed(was, now);
        return Results.Ok(now);
    }

    private static bool TryDay(string text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static IResult NoDay(string day) => Results.Problem($"'{day}' is not a day such as 2026-11-22.", statusCode: StatusCodes.Status422UnprocessableEntity);

    private static IResult NotThere(string day, string key) => Results.Problem($"Nothing is parked on {day} as '{key}'.", statusCode: StatusCodes.Status404NotFound);

    private static string Readable(BinaryData body)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(body.ToMemory().Span);
        }
        catch (DecoderFallbackException)
        {
            return $"base64:{Convert.ToBase64String(body.ToMemory().Span)}";
        }
    }
}

/// <summary>A parked item as it is shown; its body only when it is asked for alone.</summary>
internal sealed record ParkedView(DateOnly Day, string Key, DateTimeOffset ParkedAt, string Source, string ItemId, string Reason, bool CanSendAgain, int SentAgain)
{
    /// <summary>When somebody dealt with it; null while it waits.</summary>
    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Who.</summary>
    public string? SettledBy { get; init; }

    /// <summary>What they did.</summary>
    public string? Note { get; init; }

    /// <summary>The body as text; base64 after <c>base64:</c> where it is none.</summary>
    public string? Body { get; init; }

    public static ParkedView Of(ParkedItem item) => new(
        item.Day, item.Key, BusinessDay.Local(item.ParkedAt), item.Source, item.ItemId, item.Reason, ParkedSender.CanSend(item), item.SentAgain)
    {
        SettledAt = item.Settled is { } settled ? BusinessDay.Local(settled.At) : null,
        SettledBy = item.Settled?.By,
        Note = item.Settled?.Note,
    };
}
