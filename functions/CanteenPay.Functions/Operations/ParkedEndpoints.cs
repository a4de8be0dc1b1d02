using System.Globalization;
using System.Text;
using CanteenPay.Functions.Audit;
using CanteenPay.Functions.Identity;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Operations;

/// <summary>
/// What waits for a person: <c>GET /api/parked?day=yyyy-MM-dd</c>, <c>GET /api/parked/{day}/{key}</c> with its body,
/// <c>POST /api/parked/{day}/{key}/send-again</c> for messages.
/// </summary>
internal static class ParkedEndpoints
{
    private const int MostListed = 500;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/parked", ListAsync).Allow(Role.Operator, Role.Finance);
        api.MapGet("/parked/{day}/{key}", FindAsync).Allow(Role.Operator, Role.Finance);
        api.MapPost("/parked/{day}/{key}/send-again", SendAgainAsync).Allow(Role.Operator).AuditsPlainly("day", "source", "itemId", "sentAgain");
    }

    private static async Task<IResult> ListAsync(string? day, ParkedStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        var date = BusinessDay.Of(clock.GetUtcNow());
        if (day is not null && !TryDay(day, out date))
            return NoDay(day);
        return Results.Ok(await store.ListAsync(date, cancellationToken).Take(MostListed).Select(item => ParkedView.Of(item)).ToListAsync(cancellationToken));
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
    /// <summary>The body as text; base64 after <c>base64:</c> where it is none.</summary>
    public string? Body { get; init; }

    public static ParkedView Of(ParkedItem item) => new(
        item.Day, item.Key, BusinessDay.Local(item.ParkedAt), item.Source, item.ItemId, item.Reason, ParkedSender.CanSend(item), item.SentAgain);
}
