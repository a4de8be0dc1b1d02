using CanteenPay.Mqtt.Interop;
using CanteenPay.Mqtt.Session;

namespace CanteenPay.Mqtt;

/// <summary>MQTT 5 over TLS with a client certificate, by Debian's libmosquitto1.</summary>
/// <remarks>One thread per client. See the folder's README for why each connection has a native client of its own.</remarks>
public sealed class MosquittoClient : IMqttClient
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private readonly MqttOptions _options;
    private readonly ClientSession _session;
    private readonly NetworkThread _thread;
    private int _started;
    private int _disposed;

    /// <summary>A client that is not yet started.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="time">Measures expiry and time-outs; the system's by default.</param>
    public MosquittoClient(MqttOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _session = new(options, time ?? TimeProvider.System);
        _thread = new(options, time ?? TimeProvider.System, _session);
    }

    /// <inheritdoc />
    public event Action<MqttState>? StateChanged
    {
        add => _session.States.Changed += value;
        remove => _session.States.Changed -= value;
    }

    /// <inheritdoc />
    public MqttState State => _session.States.Current;

    /// <inheritdoc />
    public MqttException? LastError => _session.LastError;

    /// <inheritdoc />
    public IAsyncEnumerable<MqttMessage> Received => _session.Received.ReadAllAsync();

    /// <inheritdoc />
    public void Start()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        OptionCheck.ThrowIfUnusable(_options);
        MosquittoLibrary.EnsureLoaded();
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The client was started before.");
        }

        _ = _session.States.RaiseAsync(_session.ListenerFailed);
        _thread.Start();
    }

    /// <inheritdoc />
    public Task PublishAsync(MqttMessage message, CancellationToken cancellationToken = default) => _session.PublishAsync(message, cancellationToken);

    /// <inheritdoc />
    public Task SubscribeAsync(string topicFilter, CancellationToken cancellationToken = default) => _session.SubscribeAsync(topicFilter, cancellationToken);

    /// <summary>
    /// Says goodbye to the broker (the will is not published) and ends. What waits for an acknowledgement fails with <see cref="ObjectDisposedException"/>.
    /// Takes no longer than 5 s: a connect that the operating system still tries ends by itself later.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _session.Stop();
        if (Volatile.Read(ref _started) == 0)
        {
            _session.Dispose();
            return;
        }

        await Task.WhenAny(_thread.Ended, Task.Delay(EndLimit));
    }
}
