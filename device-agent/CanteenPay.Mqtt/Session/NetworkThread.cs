using CanteenPay.Mqtt.Interop;

namespace CanteenPay.Mqtt.Session;

/// <summary>
/// Connects, loops and connects again, on a thread of its own. The library's own thread (mosquitto_loop_start) is not used: in 2.0.11 it can end for good
/// when a TLS peer goes away without a goodbye.
/// </summary>
internal sealed class NetworkThread(MqttOptions options, TimeProvider time, ClientSession session)
{
    private static readonly TimeSpan LoopWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    // A broker that takes the connection and drops it at once (two machines with one id) must not be asked twice a second for ever.
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the thread has released the native client.</summary>
    internal Task Ended => _ended.Task;

    // A background thread: a connect that the operating system still waits for must not keep the process alive.
    internal void Start() => new Thread(Run) { IsBackground = true, Name = $"mqtt {options.ClientId}" }.Start();

    private void Run()
    {
        var wait = options.MinBackoff;
        while (!session.Stopping.IsCancellationRequested)
        {
            var lasted = ConnectOnce();
            wait = lasted >= StableAfter ? options.MinBackoff : wait;
            // Spreads the machines of a canteen when its network comes back.
            if (session.Stopping.WaitHandle.WaitOne(wait * (0.75 + (Random.Shared.NextDouble() / 2))))
            {
                break;
            }

            wait = wait * 2 < options.MaxBackoff ? wait * 2 : options.MaxBackoff;
        }

        session.States.Complete();
        session.Dispose();
        _ended.SetResult();
    }

    /// <returns>How long the connection was ready.</returns>
    private TimeSpan ConnectOnce()
    {
        Connection? connection = null;
        MqttException? failure = null;
        var lasted = TimeSpan.Zero;
        try
        {
            connection = new(options, session);
            failure = connection.Connect(options);
            if (failure is null)
            {
                session.Attach(connection);
                failure = LoopUntilEnd(connection);
            }
        }
        catch (MqttException refused)
        {
            // A certificate file that was taken away meanwhile: it may come back.
            failure = refused;
        }
        finally
        {
            lasted = session.ReadySince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
            session.Detach(failure);
            connection?.Dispose();
        }

        return lasted;
    }

    private MqttException? LoopUntilEnd(Connection connection)
    {
        var since = time.GetTimestamp();
        while (!session.Stopping.IsCancellationRequested)
        {
            var failure = connection.Loop(LoopWait);
            if ((session.Refusal ?? failure) is { } reason)
            {
                return reason;
            }

            if (!session.Ready && time.GetElapsedTime(since) > options.ConnectTimeout)
            {
                return new($"connect to {options.Host}:{options.Port}", 0, $"no answer within {options.ConnectTimeout}");
            }
        }

        if (session.Ready)
        {
            SayGoodbye(connection);
        }

        return null;
    }

    /// <summary>Writes the DISCONNECT; what is still unacknowledged stays so and comes again with the session.</summary>
    private void SayGoodbye(Connection connection)
    {
        connection.Disconnect();
        var since = time.GetTimestamp();
        while (connection.Loop(TimeSpan.FromMilliseconds(100)) is null && time.GetElapsedTime(since) < GoodbyeLimit)
        {
        }
    }
}
