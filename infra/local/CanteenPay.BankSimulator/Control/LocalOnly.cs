using System.Net;

namespace CanteenPay.BankSimulator.Control;

/// <summary>Keeps the control interface and the status page to this machine, also when the bank listens for real phones.</summary>
internal static class LocalOnly
{
    public static void UseLocalOnly(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var path = context.Request.Path;
        // No address means no network: a test's in-process server.
        if ((path == "/" || path.StartsWithSegments("/control", StringComparison.OrdinalIgnoreCase)) && context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    });
}
