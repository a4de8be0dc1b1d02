using CanteenPay.Mqtt.Interop;

namespace CanteenPay.Mqtt.Session;

/// <summary>What outlives a connection: wanted filters, unacknowledged messages, received messages, the state.</summary>
internal sealed class ClientSession(MqttOptions options, TimeProvider time) : IConnectionEvents, IDisposable
{
    private readonly Lock _gate = new();
    private readonly PendingPublishes _publishes = new(options.MaxPending, time);
    private readonly Subscriptions _subscriptions = new();
    private readonly CancellationTokenSource _stopping = new();
    private Connection? _connection;
    private MqttException? _refusal;
    private bool _answered;
    private bool _ready;
    private long _readySince;

    internal ReceivedMessages Received { get; } = new(options.MaxReceived);

    internal StateFeed States { get; } = new();

    internal MqttException? LastError { get; private set; }

    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Answered by the broker, subscriptions in force.</summary>
    internal bool Ready
    {
        get
        {
            lock (_gate)
            {
                return _ready;
            }
        }
    }

    /// <summary>Timestamp of when it became <see cref="Ready"/>; null while it is not.</summary>
    internal long? ReadySince
    {
        get
        {
            lock (_gate)
            {
                return _ready ? _readySince : null;
            }
        }
    }

    /// <summary>The broker's reason to refuse this connection.</summary>
    internal MqttException? Refusal
    {
        get
        {
            lock (_gate)
            {
                return _refusal;
            }
        }
    }

    internal async Task PublishAsync(MqttMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<PendingPublish> node;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(MosquittoClient));
            node = _publishes.Add(message);
            if (_ready)
            {
                _publishes.Send(node, _connection!);
            }
        }

        await using var registration = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                lock (_gate)
                {
                    _publishes.Remove(node);
                }

                node.Value.Done.TrySetCanceled(token);
            },
            null);
        await node.Value.Done.Task;
    }

    internal async Task SubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Subscription subscription;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, typeof(MosquittoClient));
            subscription = _subscriptions.Want(filter);
            if (_answered)
            {
                _subscriptions.Ask(subscription, _connection!);
            }
        }

        try
        {
            await subscription.Granted.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _subscriptions.Forget(subscription);
            }

            throw;
        }
    }

    internal void ListenerFailed(Exception exception)
    {
        lock (_gate)
        {
            LastError = new("state listener", 0, exception.Message);
        }
    }

    internal void Attach(Connection connection)
    {
        lock (_gate)
        {
            (_connection, _refusal) = (connection, null);
        }
    }

    /// <summary>The connection has ended or never came about; it may be disposed after this.</summary>
    internal void Detach(MqttException? reason)
    {
        lock (_gate)
        {
            (_connection, _answered) = (null, false);
            _publishes.ConnectionEnded();
            _subscriptions.ConnectionEnded();
            LastError = reason ?? LastError;
            if (_ready)
            {
                _ready = false;
                States.Change(MqttState.Disconnected);
            }
        }
    }

    /// <summary>Tells the network thread to say goodbye and end; nothing is accepted from now on.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping.Cancel();
            _connection?.Disconnect();
            var ended = new ObjectDisposedException(nameof(MosquittoClient), "The client ended before the broker answered.");
            _publishes.FailAll(ended);
            _subscriptions.FailAll(ended);
            Received.Complete();
        }
    }

    void IConnectionEvents.Answered(int reason)
    {
        lock (_gate)
        {
            if (reason != Codes.Success)
            {
                _refusal = Codes.Exception($"connect to {options.Host}:{options.Port} as {options.ClientId}", reason);
                return;
            }

            _answered = true;
            _subscriptions.Restore(_connection!);
            BecomeReadyWhenSettled();
        }
    }

    void IConnectionEvents.Subscribed(int mid, int reason)
    {
        lock (_gate)
        {
            _refusal = _subscriptions.Answered(mid, reason) ?? _refusal;
            BecomeReadyWhenSettled();
        }
    }

    void IConnectionEvents.Published(int mid, int reason)
    {
        lock (_gate)
        {
            _publishes.Acknowledged(mid, reason);
        }
    }

    void IConnectionEvents.Arrived(MqttMessage message) => Received.Deliver(message, Stopping);

    private void BecomeReadyWhenSettled()
    {
        if (_ready || _refusal is not null || !_subscriptions.Settled)
        {
            return;
        }

        _ready = true;
        _readySince = time.GetTimestamp();
        LastError = null;
        _publishes.SendAll(_connection!);
        States.Change(MqttState.Connected);
    }

    public void Dispose() => _stopping.Dispose();
}
