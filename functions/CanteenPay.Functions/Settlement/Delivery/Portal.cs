using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Settlement.Exports;
using CanteenPay.Functions.Settlement.Exports.Files;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>What strangers fetch with a link that was made for them: <c>GET /portal/downloads/{day}/{name}</c>. Anonymous; trusted by the link's signature alone.</summary>
internal static class Portal
{
    /// <summary>The endpoints.</summary>
    [Function("Portal")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "portal/{*path}")] RouteGroupBuilder portal) => portal.MapGet(
        "/downloads/{day}/{name}",
        static async (string day, string name, string? expires, string? signature, SignedLinks links, IExportFiles files, CancellationToken cancellationToken) =>
            links.Read(day, name, expires, signature) is { } file
                ? await FileAnswer.OfAsync(files, file, cancellationToken)
                : Results.Problem("The link is not good, or not any more.", statusCode: StatusCodes.Status403Forbidden));
}
