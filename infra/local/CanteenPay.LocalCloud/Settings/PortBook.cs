using System.Net;
using System.Net.Sockets;

namespace CanteenPay.LocalCloud.Settings;

/// <summary>Gives every part and program its port and finds out at once, before anything is started, which are taken.</summary>
internal sealed class PortBook : IDisposable
{
    private readonly CloudOptions _options;
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    // Held until everything has its port, so that no free port is given twice.
    private readonly List<TcpListener> _held = [];

    internal PortBook(CloudOptions options) => _options = options;

    internal int this[string name] => _ports[name];

    internal IReadOnlyDictionary<string, int> All => _ports;

    /// <summary>Allots a port.</summary>
    /// <param name="name">The name that <c>--port</c> uses.</param>
    /// <param name="what">The part in words.</param>
    /// <param name="usual">The port when nothing else is said.</param>
    /// <param name="runningOn">The port on which this very part runs already and will be adopted.</param>
    /// <exception cref="LocalCloudException">The port is taken; the message says which part and which setting.</exception>
    internal int Allot(string name, string what, int usual, int? runningOn = null)
    {
        var wanted = _options.Ports.TryGetValue(name, out var asked) ? asked : _options.Ephemeral ? runningOn ?? 0 : usual;
        return _ports[name] = wanted != 0 && wanted == runningOn ? wanted : Hold(name, what, wanted);
    }

    /// <exception cref="LocalCloudException">The command line names a port of something that does not exist.</exception>
    internal void RefuseUnknownNames()
    {
        if (_options.Ports.Keys.FirstOrDefault(name => !_ports.ContainsKey(name)) is { } unknown)
        {
            throw new LocalCloudException($"--port {unknown}: there is no such part or program. There are {string.Join(", ", _ports.Keys.Order())}.");
        }
    }

    /// <summary>Frees the held ports for those who will listen on them.</summary>
    public void Dispose()
    {
        _held.ForEach(l => l.Dispose());
        _held.Clear();
    }

    private int Hold(string name, string what, int port)
    {
        var listener = port == 0 ? FreePort.Hold() : Hold(port, name, what);
        _held.Add(listener);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static TcpListener Hold(int port, string name, string what)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new LocalCloudException(
                $"Port {port} is taken: {what} needs it. End what listens there, or choose another with --port {name}=N (or --ephemeral).", exception);
        }
    }
}
