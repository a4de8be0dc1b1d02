using System.Net;

namespace CanteenPay.BankSimulator.Control;

/// <summary>Keeps the control interface, the status page, the reviewer's and the chaos page to this machine, also when the bank listens for real phones.</summary>
internal static class LocalOnly
{
    public static void UseLocalOnly(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        // No address means no network: a test's in-process server.
        if (IsOurs(context.Request.Path) && context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    });

    private static bool IsOurs(PathString path) => path == "/"
        || path.StartsWithSegments("/control", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/review", StringComparison.OrdinalIgnoreCase)
        || path.StartsWithSegments("/chaos", StringComparison.OrdinalIgnoreCase);
}
