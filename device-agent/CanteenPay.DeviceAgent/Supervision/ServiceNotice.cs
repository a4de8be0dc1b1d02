using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CanteenPay.DeviceAgent.Supervision;

/// <summary>Tells systemd how this process is: datagrams to the socket that it names in the environment (sd_notify(3), sd_watchdog_enabled(3)).</summary>
internal sealed class ServiceNotice : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint systemd;

    private ServiceNotice(string path, TimeSpan? patience)
    {
        // A name that begins with @ is not a file's: such sockets begin with a zero byte.
        systemd = new(path[0] == '@' ? '\0' + path[1..] : path);
        // Telling must never hold the till up; a datagram that finds no room is one of three before systemd loses patience.
        socket.Blocking = false;
        Patience = patience;
    }

    /// <summary>How long systemd waits for a sign of life before it ends this process; null when it does not watch.</summary>
    public TimeSpan? Patience { get; }

    /// <summary>The way to systemd; null when it did not start this process, or does not want to hear of it.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    public static ServiceNotice? Find(Func<string, string?> environment)
    {
        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
            return null;
        var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var watched = environment("WATCHDOG_PID") is not { Length: > 0 } watchedProcess || watchedProcess == own;
        return long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0 && watched
            ? new(path, TimeSpan.FromMicroseconds(microseconds))
            : new(path, null);
    }

    /// <summary>The process is ready: what depends on it may start, and whoever started it need not wait any longer.</summary>
    /// <exception cref="SocketException">systemd does not listen.</exception>
    public void Ready() => Tell("READY=1");

    /// <summary>The process works.</summary>
    /// <exception cref="SocketException">systemd does not listen.</exception>
    public void Alive() => Tell("WATCHDOG=1");

    /// <summary>The process is ending because it was told to.</summary>
    /// <exception cref="SocketException">systemd does not listen.</exception>
    public void Stopping() => Tell("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Tell(string word) => socket.SendTo(Encoding.ASCII.GetBytes(word), systemd);
}
