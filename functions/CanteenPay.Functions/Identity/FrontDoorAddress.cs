using System.Net;
using System.Net.Sockets;

namespace CanteenPay.Functions.Identity;

/// <summary>Where a request comes from.</summary>
internal static class FrontDoorAddress
{
    private static readonly PathString[] Outside = ["/api", "/notify", "/portal", "/health", "/machine"];

    /// <summary>Whether it is a path that strangers can reach; all others are the Functions host's own.</summary>
    public static bool IsOutside(PathString path) => Outside.Any(root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The address that Azure's front end saw: the last that <c>X-Forwarded-For</c> names, since a caller can write any number of others before it. Without the
    /// header, the one at the other end of the connection.
    /// </summary>
    public static string Of(HttpContext http)
    {
        var last = http.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        return IPEndPoint.TryParse(last, out var seen) ? seen.Address.ToString() : http.Connection.RemoteIpAddress?.ToString() ?? "unknown";
    }

    /// <summary>Whose address it is, for limits: of IPv6 the first 64 bits, since a household has all the others to itself.</summary>
    public static string NetworkOf(HttpContext http)
    {
        var address = Of(http);
        if (!IPAddress.TryParse(address, out var ip) || ip is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
            return address;
        var bytes = ip.GetAddressBytes();
        bytes.AsSpan(bytes.Length / 2).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
