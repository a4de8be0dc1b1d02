using System.Text.Json;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>The screen's page and what it talks to.</summary>
internal sealed class ScreenEndpoints(
    ScreenBoard board, ViewComposer composer, TillLoop till, ReaderEndpoints readers, MachineClock clock, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<ScreenEndpoints> log)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly EventStreams streams = new();

    /// <summary>Maps the page, its events, its keys and its sounds.</summary>
    public void Map(WebApplication app)
    {
        app.Use(GuardAsync);
        MapFile(app, "/", "index.html", "text/html; charset=utf-8");
        MapFile(app, "/app.js", "app.js", "text/javascript; charset=utf-8");
        MapFile(app, "/keys.js", "keys.js", "text/javascript; charset=utf-8");
        MapFile(app, "/voice.js", "voice.js", "text/javascript; charset=utf-8");
        MapFile(app, "/icon.svg", "icon.svg", "image/svg+xml");
        MapFile(app, "/style.css", "style.css", "text/css; charset=utf-8");
        MapFile(app, "/manager.css", "manager.css", "text/css; charset=utf-8");
        MapFile(app, "/cards.css", "cards.css", "text/css; charset=utf-8");
        MapFile(app, "/cards.js", "cards.js", "text/javascript; charset=utf-8");
        MapFile(app, "/wedge.js", "wedge.js", "text/javascript; charset=utf-8");
        var labels = JsonSerializer.SerializeToUtf8Bytes(composer.Labels.ToDictionary(StringComparer.Ordinal), ScreenJson.Default.DictionaryStringPhrase);
        app.MapGet("/labels", context => SendAsync(context, labels, "application/json"));
        app.MapGet("/view", context => SendAsync(context, ViewNow(), "application/json"));
        app.MapGet("/events", context => OwnPageOnly(context, EventsAsync));
        app.MapPost("/keys/{key}", Press);
        app.MapPost("/orders/{order}/choose", Choose);
        readers.Map(app);
        app.MapGet("/voice/{file}", context => OwnPageOnly(context, Sound));
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        if (!ScreenGuard.ForeignHost(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return Task.CompletedTask;
    }

    private static void MapFile(WebApplication app, string path, string name, string type)
    {
        var bytes = EmbeddedFile.Read($"page/{name}");
        app.MapGet(path, context => SendAsync(context, bytes, type));
    }

    private static async Task SendAsync(HttpContext context, byte[] bytes, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private byte[] ViewNow() => JsonSerializer.SerializeToUtf8Bytes(Compose(board.Now), ScreenJson.Default.ScreenView);

    private Task Press(HttpContext context) =>
        Hand(context, TillKey.TryParse((string)context.Request.RouteValues["key"]!, out var key) ? new KeyPressed(key) : null);

    private Task Choose(HttpContext context) =>
        Hand(context, OrderId.TryParse((string)context.Request.RouteValues["order"]!, null, out var order) ? new RowChosen(order) : null);

    /// <summary>Hands what this page's user did to the till; null where there is no such key or order.</summary>
    private Task Hand(HttpContext context, TillInput? input)
    {
        if (ScreenGuard.Refusal(context.Request) is { } refusal)
        {
            log.KeyRefused(context.Request.Headers.Origin.ToString() is { Length: > 0 } origin ? origin : "somebody", refusal);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
        else if (input is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else
        {
            context.Response.StatusCode = till.Post(input) ? StatusCodes.Status204NoContent : StatusCodes.Status503ServiceUnavailable;
        }

        return Task.CompletedTask;
    }

    private static Task OwnPageOnly(HttpContext context, RequestDelegate serve)
    {
        if (ScreenGuard.ForeignPage(context.Request) is null)
            return serve(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private Task Sound(HttpContext context)
    {
        var file = (string)context.Request.RouteValues["file"]!;
        if (file.EndsWith(".wav", StringComparison.Ordinal) && board.Sound(file[..^4]) is { } wave)
            return SendAsync(context, wave, "audio/wav");
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Server-sent events: the whole view at once, after every change and now and then, so that both sides notice a dead connection.</summary>
    private async Task EventsAsync(HttpContext context)
    {
        using var place = streams.Take(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            await SendEventsAsync(context.Response, place.Ended);
        }
        catch (OperationCanceledException)
        {
            // The page went away, another one took its place, or the agent stops.
        }
    }

    private async Task SendEventsAsync(HttpResponse response, CancellationToken gone)
    {
        var sent = 0L;
        while (true)
        {
            var shown = await NewerAsync(sent, gone);
            var view = JsonSerializer.Serialize(Compose(shown), ScreenJson.Default.ScreenView);
            await response.WriteAsync($"id: {shown.Revision}\ndata: {view}\n\n", gone);
            await response.Body.FlushAsync(gone);
            sent = shown.Revision;
        }
    }

    /// <summary>What is shown as soon as it is newer, or after a while what is shown anyway.</summary>
    private async Task<ScreenSnapshot> NewerAsync(long sent, CancellationToken gone)
    {
        using var quiet = new CancellationTokenSource(Heartbeat, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, quiet.Token);
        try
        {
            return await board.NewerThanAsync(sent, either.Token);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            return board.Now;
        }
    }

    private ScreenView Compose(ScreenSnapshot shown) => composer.Compose(shown, clock.Steady, clock.Corrected);
}
