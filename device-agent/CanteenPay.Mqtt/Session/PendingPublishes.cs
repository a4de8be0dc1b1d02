using CanteenPay.Mqtt.Interop;

namespace CanteenPay.Mqtt.Session;

/// <summary>Messages that the broker has not acknowledged, oldest first, over as many connections as it takes. The owner's lock guards it.</summary>
internal sealed class PendingPublishes(int limit, TimeProvider time)
{
    private readonly LinkedList<PendingPublish> _waiting = [];
    private readonly Dictionary<int, LinkedListNode<PendingPublish>> _onTheWay = [];

    /// <exception cref="MqttException">Too many are waiting.</exception>
    internal LinkedListNode<PendingPublish> Add(MqttMessage message)
    {
        if (_waiting.Count >= limit)
        {
            throw new MqttException($"publish to {message.Topic}", Codes.QuotaExceeded, $"{limit} messages wait for an acknowledgement already");
        }

        return _waiting.AddLast(new PendingPublish(message, time.GetTimestamp()));
    }

    /// <summary>Gives one message to a connection with what is left of its expiry.</summary>
    internal void Send(LinkedListNode<PendingPublish> node, Connection connection)
    {
        var (message, acceptedAt) = (node.Value.Message, node.Value.AcceptedAt);
        var left = message.Expiry - time.GetElapsedTime(acceptedAt);
        if (left <= TimeSpan.Zero)
        {
            Remove(node);
            node.Value.Done.TrySetException(new MqttException($"publish to {message.Topic}", 0, "expired before there was a connection"));
            return;
        }

        var code = connection.Publish(message, left, out var mid);
        if (code is Codes.Success or Codes.NoConnection)
        {
            node.Value.Mid = mid;
            _onTheWay[mid] = node;
            return;
        }

        Remove(node);
        node.Value.Done.TrySetException(Codes.Exception($"publish to {message.Topic}", code));
    }

    /// <summary>A new connection is ready: everything not acknowledged goes (again), in order.</summary>
    internal void SendAll(Connection connection)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            Send(node, connection);
            node = next;
        }
    }

    internal void Acknowledged(int mid, int reason)
    {
        // Unknown: the caller stopped waiting for it.
        if (!_onTheWay.Remove(mid, out var node))
        {
            return;
        }

        Remove(node);
        if (reason >= Codes.FirstRefusal)
        {
            node.Value.Done.TrySetException(Codes.Exception($"publish to {node.Value.Message.Topic}", reason));
        }
        else
        {
            node.Value.Done.TrySetResult();
        }
    }

    internal void ConnectionEnded()
    {
        _onTheWay.Clear();
        foreach (var pending in _waiting)
        {
            pending.Mid = null;
        }
    }

    internal void Remove(LinkedListNode<PendingPublish> node)
    {
        if (node.List is not null)
        {
            _waiting.Remove(node);
        }

        if (node.Value.Mid is { } mid)
        {
            _onTheWay.Remove(mid);
            node.Value.Mid = null;
        }
    }

    internal void FailAll(Exception exception)
    {
        foreach (var pending in _waiting)
        {
            pending.Done.TrySetException(exception);
        }

        _waiting.Clear();
        _onTheWay.Clear();
    }
}

internal sealed class PendingPublish(MqttMessage message, long acceptedAt)
{
    internal MqttMessage Message => message;

    /// <summary>Timestamp of the time provider.</summary>
    internal long AcceptedAt => acceptedAt;

    /// <summary>The library's number for it on the present connection.</summary>
    internal int? Mid { get; set; }

    /// <summary>Callers go on in the thread pool, never on the network thread.</summary>
    internal TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
