using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Operations;

/// <summary>Whether the app lives and can serve: <c>GET /health/live</c>, <c>GET /health/ready</c>.</summary>
internal static class Health
{
    [Function("Health")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/{*path}")] RouteGroupBuilder health)
    {
        health.MapGet("/live", static () => Results.Text("live"));
        health.MapGet("/ready", static async (Readiness readiness, CancellationToken cancellationToken) =>
            await readiness.SilentAsync(cancellationToken) is not { Count: > 0 } silent
                ? Results.Text("ready")
                : Results.Text($"storage does not answer: {string.Join(", ", silent)}", statusCode: StatusCodes.Status503ServiceUnavailable));
    }
}
