using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>
/// Ports for those who will listen some seconds later. The system's own choice may be given to anybody's outgoing connection meanwhile; these lie below the range of
/// which it takes them (32768 to 60999 on Linux). A locked file keeps other LocalClouds on this machine from a port as long as this one lives.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int MostTries = 100;

    private static readonly ConcurrentBag<FileStream> Reserved = [];

    /// <summary>Listens on one, so that nobody else is given it meanwhile.</summary>
    /// <exception cref="LocalCloudException">A hundred were taken.</exception>
    internal static TcpListener Hold()
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var port = Random.Shared.Next(First, Last);
            if (!TryReserve(port))
                continue;
            var listener = new TcpListener(IPAddress.Loopback, port);
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

    private static bool TryReserve(int port)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"canteenpay-ports-{Environment.UserName}"));
        try
        {
            var file = Path.Combine(folder.FullName, port.ToString(CultureInfo.InvariantCulture));
            Reserved.Add(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another LocalCloud has it.
            return false;
        }
    }
}
