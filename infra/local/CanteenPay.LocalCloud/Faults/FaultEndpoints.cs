using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace CanteenPay.LocalCloud.Faults;

/// <summary>
/// <c>GET /faults</c>, <c>PUT /faults</c> (all at once, with a seed), <c>PUT /faults/{hop}</c>, <c>DELETE /faults</c>, <c>POST /handlers/kill</c>,
/// <c>POST /handlers/kill-after/{n}</c>.
/// </summary>
internal sealed class FaultEndpoints(FaultBoard board, HandlerKills kills)
{
    private const int MostBytes = 64 * 1024;

    internal void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/faults", ReadAsync);
        endpoints.MapPut("/faults", context => SetAsync(context, FaultJson.Default.FaultsOrder, order => board.SetAll(order.Seed, order.Hops)));
        endpoints.MapPut("/faults/{hop}", context => SetAsync(context, FaultJson.Default.HopSettings, settings => board.Set(Route(context, "hop"), settings)));
        endpoints.MapDelete("/faults", context =>
        {
            board.EndAll();
            kills.After(0);
            return ReadAsync(context);
        });
        endpoints.MapPost("/handlers/kill", async context =>
        {
            await kills.NowAsync();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        endpoints.MapPost("/handlers/kill-after/{io}", KillAfterAsync);
    }

    private Task ReadAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, board.Read(), FaultJson.Default.FaultsStatus, context.RequestAborted);
    }

    private async Task SetAsync<T>(HttpContext context, JsonTypeInfo<T> type, Func<T, string?> set)
    {
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostBytes;
        string? refusal;
        try
        {
            refusal = await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted) is { } wanted ? set(wanted) : "The body is null.";
        }
        catch (Exception exception) when (exception is JsonException or BadHttpRequestException)
        {
            refusal = exception.Message;
        }

        await (refusal is null ? ReadAsync(context) : RefuseAsync(context, refusal));
    }

    private Task KillAfterAsync(HttpContext context)
    {
        if (!int.TryParse(Route(context, "io"), NumberStyles.None, CultureInfo.InvariantCulture, out var io) || io is < 1 or > HandlerKills.MostIo)
        {
            return RefuseAsync(context, $"The number of I/Os is not from 1 to {HandlerKills.MostIo}.");
        }

        kills.After(io);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Route(HttpContext context, string name) => (string)context.GetRouteValue(name)!;

    private static Task RefuseAsync(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
