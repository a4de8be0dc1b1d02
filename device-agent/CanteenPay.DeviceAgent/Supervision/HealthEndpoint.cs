using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Terminal;

namespace CanteenPay.DeviceAgent.Supervision;

/// <summary><c>GET /health</c>: 200 while the till takes inputs, 503 when it is stuck. Without a link the till still serves cards, so that being offline is healthy.</summary>
internal static class HealthEndpoint
{
    /// <summary>Maps it.</summary>
    public static void Map(WebApplication app)
    {
        var till = app.Services.GetRequiredService<TillLoop>();
        var uplink = app.Services.GetRequiredService<Uplink>();
        app.MapGet("/health", context => SendAsync(context.Response, new(AgentVersion.Text, till.IsTurning, uplink.Online), context.RequestAborted));
    }

    private static async Task SendAsync(HttpResponse response, AgentHealth health, CancellationToken cancellationToken)
    {
        response.StatusCode = health.Till ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(health, HealthJson.Default.AgentHealth), cancellationToken);
    }
}

/// <summary>How the agent is.</summary>
/// <param name="Version">Which agent answers: whoever updates it must not take the old one's word for the new one's.</param>
/// <param name="Till">The till takes inputs.</param>
/// <param name="Online">The link is up both ways.</param>
internal sealed record AgentHealth(string Version, bool Till, bool Online);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AgentHealth))]
internal sealed partial class HealthJson : JsonSerializerContext;
