using System.Text.Json;

namespace CanteenPay.LocalCloud.Status;

/// <summary><c>GET /</c> for people, <c>GET /status.json</c> for programs, <c>POST /counters/reset</c>.</summary>
internal sealed class StatusEndpoints(Func<CloudStatus> read, Action resetCounters)
{
    internal void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/", context =>
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            return context.Response.WriteAsync(StatusPage.Write(read()), context.RequestAborted);
        });
        endpoints.MapGet("/status.json", context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            return JsonSerializer.SerializeAsync(context.Response.Body, read(), CloudStatusJson.Default.CloudStatus, context.RequestAborted);
        });
        endpoints.MapPost("/counters/reset", context =>
        {
            resetCounters();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }
}
