using System.Net;
using System.Net.Sockets;

namespace CanteenPay.EndToEnd;

/// <summary>The network between one machine and the broker: it can be cut and mended. What was on its way when it is cut is lost.</summary>
public sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _ways = [];
    private readonly Task _accepting;
    private CancellationTokenSource? _mended;
    private int _broker;

    /// <summary>Lies there cut, and leads nowhere yet.</summary>
    public Cable()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the machine finds the broker.</summary>
    public int Port { get; }

    /// <summary>Lets the machine through to the broker.</summary>
    public void Mend(int broker)
    {
        lock (_gate)
            (_mended, _broker) = (_mended ?? CancellationTokenSource.CreateLinkedTokenSource(_end.Token), broker);
    }

    /// <summary>Ends every connection and lets none through.</summary>
    public void Cut()
    {
        CancellationTokenSource? mended;
        lock (_gate)
            (mended, _mended) = (_mended, null);
        mended?.Cancel();
        mended?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_ways);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var machine = await _listener.AcceptTcpClientAsync(_end.Token);
                lock (_gate)
                {
                    if (_mended is { } mended)
                        _ways.Add(CarryAsync(machine, _broker, mended.Token));
                    else
                        machine.Dispose();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end, or a machine that gave up before it was let through.
            }
        }
    }

    private static async Task CarryAsync(TcpClient machine, int port, CancellationToken cut)
    {
        using var near = machine;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, port, cut);
            near.NoDelay = far.NoDelay = true;
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), cut), far.GetStream().CopyToAsync(near.GetStream(), cut));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // Cut, or the broker is gone: both ends see their connection end.
        }
    }
}
