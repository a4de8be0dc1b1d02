namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// What the queues do with messages: accept, deliver, take back, give up. Writes the row before the memory follows.
/// No lock of its own: <see cref="QueueStore"/> calls it under its lock.
/// </summary>
internal sealed class Broker : IDisposable
{
    private const int MaxMessageIdLength = 128;
    private const int ForgetEvery = 256;

    private readonly QueueStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly QueueFile _file;
    private readonly WakeUp _wakeUp;
    private readonly Dictionary<string, MessageQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private int _sends;

    /// <param name="options">The queues and their rules.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ring">Called when <see cref="CatchUp"/> is due.</param>
    public Broker(QueueStoreOptions options, TimeProvider time, Action ring)
    {
        (_options, _time) = (options, time);
        foreach (var name in options.Queues.Select(QueueAddress.QueueOf).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            _queues.Add(name, new MessageQueue(name));
            _queues.Add(QueueAddress.DeadLettersOf(name), new MessageQueue(QueueAddress.DeadLettersOf(name)));
        }
        _file = new QueueFile(options.File);
        _wakeUp = new WakeUp(time, ring);
    }

    /// <summary>Every queue and every dead-letter queue.</summary>
    public IReadOnlyCollection<MessageQueue> All => _queues.Values;

    /// <exception cref="QueueException">No such queue.</exception>
    public MessageQueue Find(string address) =>
        _queues.TryGetValue(address, out var queue) ? queue : throw new QueueException(QueueRefusal.QueueNotFound, $"There is no queue '{address}'.");

    /// <summary>Takes up what an earlier process left in the file.</summary>
    public void TakeUpAll()
    {
        var now = _time.GetUtcNow();
        foreach (var (address, message) in _file.ReadAll().ToList())
        {
            if (_queues.TryGetValue(address, out var queue))
                TakeUp(queue, message, now);
        }
        Arm();
    }

    /// <summary>Returns how many were not duplicates.</summary>
    /// <exception cref="QueueException">The queue takes none of them.</exception>
    public int Accept(string address, IReadOnlyList<QueueMessage> messages)
    {
        if (QueueAddress.IsDeadLetters(address))
            throw new QueueException(QueueRefusal.BadMessage, $"'{address}' takes no messages from senders.");
        var queue = Find(address);
        Check(queue, messages);
        var now = _time.GetUtcNow();
        List<StoredMessage> accepted = [];
        _file.Atomically(() =>
        {
            foreach (var message in messages)
            {
                if (Store(queue, message, now) is { } stored)
                    accepted.Add(stored);
            }
            if (++_sends % ForgetEvery == 0)
                _file.Forget(now - Scaled(_options.DuplicateDetectionWindow));
        });
        foreach (var stored in accepted)
            queue.Add(stored, now);
        queue.Counter.Sent += accepted.Count;
        queue.Counter.Duplicates += messages.Count - accepted.Count;
        Deliver(queue);
        _wakeUp.By(queue.NextEvent());
        return accepted.Count;
    }

    /// <summary>Lends what is next to those who wait.</summary>
    public void Deliver(MessageQueue queue)
    {
        while (queue.HasWaiters && TryLend(queue) is { } message)
            queue.NextWaiter().SetResult(message);
    }

    /// <summary>Lends what is next; null when there is nothing, or the queue is held.</summary>
    public LockedMessage? TryLend(MessageQueue queue)
    {
        var now = _time.GetUtcNow();
        queue.Activate(now);
        while (!queue.Held && queue.PeekNext() is { } next)
        {
            if (next.ExpiresAt <= now)
            {
                _file.Delete(next);
                queue.RemoveReady(next);
                queue.Counter.Expired++;
                continue;
            }
            next.DeliveryCount++;
            _file.SetDeliveries(next);
            queue.Counter.Delivered++;
            var lent = queue.Lend(next, LockEnd());
            _wakeUp.By(lent.LockedUntil);
            return lent;
        }
        return null;
    }

    /// <summary>When a lock ends that begins now.</summary>
    public DateTimeOffset LockEnd() => _time.GetUtcNow() + Scaled(_options.LockDuration);

    /// <summary>Ends a message that a receiver finished.</summary>
    public void Finish(MessageQueue queue, StoredMessage message)
    {
        _file.Delete(message);
        queue.Counter.Completed++;
    }

    /// <summary>Delivers a message again at once, or gives it up when that was its last delivery.</summary>
    public void GiveBack(MessageQueue queue, StoredMessage message)
    {
        var now = _time.GetUtcNow();
        queue.Counter.Abandoned++;
        if (message.DeliveryCount >= _options.MaxDeliveryCount && !QueueAddress.IsDeadLetters(queue.Address))
        {
            GiveUpAfterDeliveries(queue, message);
            return;
        }
        queue.Add(message, now);
        Deliver(queue);
    }

    /// <summary>Dead-letters a message: forwards it, or keeps it with its queue's dead letters.</summary>
    private void GiveUp(MessageQueue queue, StoredMessage message, string reason, string description)
    {
        var now = _time.GetUtcNow();
        var forward = !string.Equals(queue.Address, _options.ForwardDeadLettersTo, StringComparison.OrdinalIgnoreCase)
            && !QueueAddress.IsDeadLetters(queue.Address) && _queues.ContainsKey(_options.ForwardDeadLettersTo);
        var target = forward ? _queues[_options.ForwardDeadLettersTo] : QueueAddress.IsDeadLetters(queue.Address) ? queue : _queues[QueueAddress.DeadLettersOf(queue.Address)];
        message.GiveUp(forward ? queue.Address : null, reason, description, now, forward ? Later(now, Scaled(_options.DefaultTimeToLive)) : DateTimeOffset.MaxValue);
        _file.Move(target.Address, message);
        queue.Counter.DeadLettered++;
        target.Add(message, now);
        Deliver(target);
    }

    /// <summary>Does what has become due by itself: schedules and locks that ran out.</summary>
    public void CatchUp()
    {
        var now = _time.GetUtcNow();
        foreach (var queue in _queues.Values)
        {
            foreach (var message in queue.TakeBackOverdue(now))
                GiveBack(queue, message);
            if (queue.Activate(now))
                Deliver(queue);
        }
        _wakeUp.Clear();
        Arm();
    }

    public void Dispose()
    {
        _wakeUp.Dispose();
        _file.Dispose();
    }

    private void Check(MessageQueue queue, IReadOnlyList<QueueMessage> messages)
    {
        if (messages.FirstOrDefault(static m => m.MessageId?.Length > MaxMessageIdLength) is { } wrong)
            throw new QueueException(QueueRefusal.BadMessage, $"The MessageId '{wrong.MessageId}' is longer than {MaxMessageIdLength} characters.");
        var size = messages.Sum(StoredMessage.SizeOf);
        if (size > QueueStore.MaxMessageBytes)
            throw new QueueException(QueueRefusal.TooLarge, $"The message or batch has {size} bytes with its properties; at most {QueueStore.MaxMessageBytes} are taken.");
        if (queue.Count + messages.Count > _options.MaxMessages)
            throw new QueueException(QueueRefusal.QuotaExceeded, $"The queue '{queue.Address}' holds its {_options.MaxMessages} messages.");
    }

    private StoredMessage? Store(MessageQueue queue, QueueMessage message, DateTimeOffset now)
    {
        if (message.MessageId is { } known && !_file.See(queue.Address, known, now, now - Scaled(_options.DuplicateDetectionWindow)))
            return null;
        var id = message.MessageId ?? Guid.NewGuid().ToString("N");
        var active = message.ScheduledEnqueueTime is { } wanted && wanted > now ? now + Scaled(wanted - now) : now;
        var expires = Later(active, Scaled(message.TimeToLive ?? _options.DefaultTimeToLive));
        return new StoredMessage
        {
            Sequence = _file.Insert(queue.Address, id, message, active, expires),
            MessageId = id,
            Message = message,
            EnqueuedTime = active,
            ExpiresAt = expires,
        };
    }

    private void TakeUp(MessageQueue queue, StoredMessage message, DateTimeOffset now)
    {
        if (message.DeliveryCount >= _options.MaxDeliveryCount && !QueueAddress.IsDeadLetters(queue.Address))
            GiveUpAfterDeliveries(queue, message);
        else
            queue.Add(message, now);
    }

    private void GiveUpAfterDeliveries(MessageQueue queue, StoredMessage message) =>
        GiveUp(queue, message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {_options.MaxDeliveryCount} delivery attempts.");

    private void Arm()
    {
        foreach (var queue in _queues.Values)
            _wakeUp.By(queue.NextEvent());
    }

    private TimeSpan Scaled(TimeSpan wait) => wait * _options.TimeScale;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan wait) => wait < DateTimeOffset.MaxValue - time ? time + wait : DateTimeOffset.MaxValue;
}
