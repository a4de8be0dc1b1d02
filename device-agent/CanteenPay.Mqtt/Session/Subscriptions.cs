using CanteenPay.Mqtt.Interop;

namespace CanteenPay.Mqtt.Session;

/// <summary>Filters that are wanted, and which have been granted once. The owner's lock guards it.</summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<string, Subscription> _wanted = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Subscription> _asked = [];

    /// <summary>No answer to a subscribe is missing.</summary>
    internal bool Settled => _asked.Count == 0;

    internal Subscription Want(string filter)
    {
        if (!_wanted.TryGetValue(filter, out var subscription))
        {
            _wanted[filter] = subscription = new(filter);
        }

        return subscription;
    }

    internal void Ask(Subscription subscription, Connection connection)
    {
        if (subscription.Granted.Task.IsCompleted || _asked.ContainsValue(subscription))
        {
            return;
        }

        Send(subscription, connection);
    }

    /// <summary>
    /// Asks for every filter on a new connection, whatever the broker says of its session: mosquitto, killed between a SUBACK and its next save, comes back
    /// with the session and without the subscription, and the client would be deaf for ever. The price is that retained messages come again.
    /// </summary>
    internal void Restore(Connection connection)
    {
        foreach (var subscription in _wanted.Values.ToList())
        {
            Send(subscription, connection);
        }
    }

    /// <returns>Null, or the refusal of a filter that had been granted before: the connection is of no use without it.</returns>
    internal MqttException? Answered(int mid, int reason)
    {
        if (!_asked.Remove(mid, out var subscription))
        {
            return null;
        }

        if (reason < Codes.FirstRefusal)
        {
            subscription.Granted.TrySetResult();
            return null;
        }

        return Refuse(subscription, reason);
    }

    internal void ConnectionEnded() => _asked.Clear();

    /// <summary>The caller stopped waiting; a filter that was granted stays.</summary>
    internal void Forget(Subscription subscription)
    {
        if (!subscription.Granted.Task.IsCompleted)
        {
            _wanted.Remove(subscription.Filter);
        }
    }

    internal void FailAll(Exception exception)
    {
        foreach (var subscription in _wanted.Values)
        {
            subscription.Granted.TrySetException(exception);
        }

        _wanted.Clear();
        _asked.Clear();
    }

    private void Send(Subscription subscription, Connection connection)
    {
        var code = connection.Subscribe(subscription.Filter, out var mid);
        switch (code)
        {
            case Codes.Success:
                _asked[mid] = subscription;
                break;
            case Codes.NoConnection:
                // Asked again by the next connection.
                break;
            default:
                Refuse(subscription, code);
                break;
        }
    }

    private MqttException? Refuse(Subscription subscription, int code)
    {
        var refusal = Codes.Exception($"subscribe to {subscription.Filter}", code);
        if (!subscription.Granted.TrySetException(refusal))
        {
            return refusal;
        }

        _wanted.Remove(subscription.Filter);
        return null;
    }
}

internal sealed class Subscription(string filter)
{
    internal string Filter => filter;

    /// <summary>Completes with the broker's first answer.</summary>
    internal TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
