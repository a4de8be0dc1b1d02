using System.Net;
using System.Net.Sockets;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>
/// Ports for those who will listen a moment later. The system's own choice may be given to anybody's outgoing connection in that moment; these lie below the range of
/// which it takes them (32768 to 60999 on Linux).
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int MostTries = 100;

    /// <summary>Listens on one, so that nobody else is given it meanwhile.</summary>
    /// <exception cref="LocalCloudException">A hundred were taken.</exception>
    internal static TcpListener Hold()
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, Last));
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        throw new LocalCloudException($"{MostTries} ports from {First} to {Last} are taken: end what listens there, or choose ports with --port name=N.");
    }

    /// <summary>The number of one that was free just now.</summary>
    internal static int Find()
    {
        using var listener = Hold();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
