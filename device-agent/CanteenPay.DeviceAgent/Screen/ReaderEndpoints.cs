using System.Text.Json;
using CanteenPay.DeviceAgent.Peripherals.CardReader;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>The card reader on the page: cards that are touched, or numbers that a keyboard reader typed. Without such a reader none of it is there.</summary>
internal sealed class ReaderEndpoints(ICardReader? reader, ILogger<ReaderEndpoints> log)
{
    private readonly PageReader? page = reader as PageReader;

    /// <summary>Maps what the page asks about its reader, and what it tells of cards.</summary>
    public void Map(WebApplication app)
    {
        app.MapGet("/cards", About);
        app.MapPost("/cards/{no}/present", context => Hand(context, CardSource.Chip));
        app.MapPost("/cards/{no}/typed", context => Hand(context, CardSource.TypedUid));
        app.MapPost("/cards/left", context => Answer(context, page is null ? null : page.Leave));
    }

    /// <summary>The numbers of simulated cards are demonstration's, but still this page's alone.</summary>
    private async Task About(HttpContext context)
    {
        if (ScreenGuard.ForeignPage(context.Request) is not null)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var view = page is null ? new("none", []) : new ReaderView(page.Name, [.. page.Cards.Select(card => new ReaderCard(card.Name, card.No.Value))]);
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.Body, view, ScreenJson.Default.ReaderView, context.RequestAborted);
    }

    /// <summary>A simulated card counts as a chip, so that a page that only types may not present one.</summary>
    private Task Hand(HttpContext context, CardSource source)
    {
        var text = ((string)context.Request.RouteValues["no"]!).ToUpperInvariant();
        return Answer(context, page is { } known && known.Source == source && CardNo.TryParse(text, null, out var no) ? () => known.Present(no) : null);
    }

    private Task Answer(HttpContext context, Func<bool>? tell)
    {
        if (ScreenGuard.Refusal(context.Request) is { } refusal)
        {
            log.KeyRefused(context.Request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : "somebody", refusal);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = tell is null ? StatusCodes.Status404NotFound
            : tell() ? StatusCodes.Status204NoContent
            : StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
