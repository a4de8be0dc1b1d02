namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// Service Bus queues on one machine: durable, peek-lock, scheduled and expiring messages, duplicate detection, dead letters.
/// Receivers wait without polling: a send, a schedule that comes due and a lock that runs out hand the message to the one who waits longest.
/// </summary>
/// <remarks>
/// One lock guards everything, and rows are written under it before the memory follows, so that what was acknowledged is what a restart finds.
/// Locks end with the process: a message that was lent when it died is there again at the next start, its delivery counted.
/// </remarks>
internal sealed class QueueStore : IDisposable
{
    /// <summary>Bytes of one message with its properties, and of one batch (Standard tier).</summary>
    public const int MaxMessageBytes = 256 * 1024;

    private const int MaxMessageIdLength = 128;
    private const int ForgetEvery = 256;

    private readonly Lock _lock = new();
    private readonly QueueStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly QueueFile _file;
    private readonly Dictionary<string, MessageQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly WakeUp _wakeUp;
    private int _sends;
    private bool _disposed;

    /// <summary>Opens the file and takes up what an earlier process left in it. Messages of queues that are no longer declared stay untouched.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file cannot be opened or is not a database.</exception>
    public QueueStore(QueueStoreOptions options, TimeProvider time)
    {
        if (options.TimeScale <= 0)
            throw new ArgumentException($"TimeScale is {options.TimeScale}; it must be greater than 0.", nameof(options));
        _options = options;
        _time = time;
        foreach (var name in options.Queues.Select(QueueAddress.QueueOf).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            _queues.Add(name, new MessageQueue(name));
            _queues.Add(QueueAddress.DeadLettersOf(name), new MessageQueue(QueueAddress.DeadLettersOf(name)));
        }
        _file = new QueueFile(options.File);
        _wakeUp = new WakeUp(time, OnWakeUp);
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            foreach (var (address, message) in _file.ReadAll().ToList())
            {
                if (_queues.TryGetValue(address, out var queue))
                    TakeUp(queue, message, now);
            }
            Arm();
        }
    }

    /// <summary>The declared queues, without their dead-letter queues.</summary>
    public IReadOnlyList<string> Queues => [.. _queues.Keys.Where(static name => !QueueAddress.IsDeadLetters(name))];

    /// <summary>Accepts one message durably; false when it was dropped as a duplicate, which a sender sees as accepted.</summary>
    /// <exception cref="QueueException">No such queue, too large, over the quota, or a message id that is too long.</exception>
    public ValueTask<bool> EnqueueAsync(string queue, QueueMessage message, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : ValueTask.FromResult(Enqueue(queue, [message]) == 1);

    /// <summary>Accepts all messages or none; returns how many were not duplicates.</summary>
    /// <exception cref="QueueException">No such queue, too large together, over the quota, or a message id that is too long.</exception>
    public ValueTask<int> EnqueueBatchAsync(string queue, IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(Enqueue(queue, messages));

    /// <summary>Lends the oldest active message, waiting for one at most <paramref name="wait"/> (<see cref="Timeout.InfiniteTimeSpan"/>: for ever); null when none came.</summary>
    /// <exception cref="QueueException">No such queue.</exception>
    public async ValueTask<LockedMessage?> ReceiveAsync(string address, TimeSpan wait, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MessageQueue queue;
        LinkedListNode<TaskCompletionSource<LockedMessage?>> waiter;
        lock (_lock)
        {
            queue = Find(address);
            if (TryLend(queue) is { } ready)
                return ready;
            if (wait == TimeSpan.Zero)
                return null;
            waiter = queue.Wait();
        }
        try
        {
            return await waiter.Value.Task.WaitAsync(wait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return GiveUpWaiting(queue, waiter);
        }
        catch (OperationCanceledException)
        {
            if (GiveUpWaiting(queue, waiter) is { } message)
                Abandon(address, message.LockToken);
            throw;
        }
    }

    /// <summary>Ends a message; false when the lock was lost, and then the message comes again.</summary>
    public bool Complete(string address, Guid lockToken)
    {
        lock (_lock)
        {
            var queue = Find(address);
            if (queue.TakeBack(lockToken) is not { } message)
                return false;
            _file.Delete(message);
            queue.Counter.Completed++;
            return true;
        }
    }

    /// <summary>Gives a message back: it is delivered again at once, or dead-lettered when that was its last delivery. False when the lock was lost.</summary>
    public bool Abandon(string address, Guid lockToken)
    {
        lock (_lock)
        {
            var queue = Find(address);
            if (queue.TakeBack(lockToken) is not { } message)
                return false;
            GiveBack(queue, message, _time.GetUtcNow());
            return true;
        }
    }

    /// <summary>Begins the lock's duration anew and returns its end; null when the lock was lost.</summary>
    public DateTimeOffset? Renew(string address, Guid lockToken)
    {
        lock (_lock)
        {
            var until = _time.GetUtcNow() + Scaled(_options.LockDuration);
            return Find(address).Extend(lockToken, until) ? until : null;
        }
    }

    /// <summary>Gives a message up by the receiver's own decision; false when the lock was lost.</summary>
    public bool DeadLetter(string address, Guid lockToken, string reason, string description)
    {
        lock (_lock)
        {
            var queue = Find(address);
            if (queue.TakeBack(lockToken) is not { } message)
                return false;
            GiveUp(queue, message, reason, description, _time.GetUtcNow());
            return true;
        }
    }

    /// <summary>Delivers nothing from this queue until <see cref="Release"/>; sends go on being accepted. Not kept over a restart.</summary>
    public void Hold(string queue)
    {
        lock (_lock)
            Find(queue).Held = true;
    }

    /// <summary>Ends <see cref="Hold"/>.</summary>
    public void Release(string queue)
    {
        lock (_lock)
        {
            var held = Find(queue);
            held.Held = false;
            Deliver(held);
        }
    }

    /// <summary>All queues as they are at this moment.</summary>
    public IReadOnlyList<QueueStatus> Status()
    {
        lock (_lock)
        {
            return [.. _queues.Values.Where(static q => !QueueAddress.IsDeadLetters(q.Address)).Select(q =>
                new QueueStatus(q.Address, q.Held, q.Ready, q.Scheduled, q.InFlight, _queues[QueueAddress.DeadLettersOf(q.Address)].Count, q.Counter.Read()))];
        }
    }

    /// <summary>Begins all counts at 0 again.</summary>
    public void ResetCounters()
    {
        lock (_lock)
        {
            foreach (var queue in _queues.Values)
                queue.Counter.Reset();
        }
    }

    /// <summary>Closes the file. Receivers that still wait are cancelled.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _wakeUp.Dispose();
            _file.Dispose();
            foreach (var queue in _queues.Values)
            {
                while (queue.HasWaiters)
                    queue.NextWaiter().TrySetCanceled();
            }
        }
    }

    private int Enqueue(string address, IReadOnlyList<QueueMessage> messages)
    {
        lock (_lock)
        {
            var queue = FindForSending(address);
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
            Arm();
            return accepted.Count;
        }
    }

    private void Check(MessageQueue queue, IReadOnlyList<QueueMessage> messages)
    {
        if (messages.FirstOrDefault(static m => m.MessageId?.Length > MaxMessageIdLength) is { } wrong)
            throw new QueueException(QueueRefusal.BadMessage, $"The MessageId '{wrong.MessageId}' is longer than {MaxMessageIdLength} characters.");
        var size = messages.Sum(StoredMessage.SizeOf);
        if (size > MaxMessageBytes)
            throw new QueueException(QueueRefusal.TooLarge, $"The message or batch has {size} bytes with its properties; at most {MaxMessageBytes} are taken.");
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
            GiveUpAfterDeliveries(queue, message, now);
        else
            queue.Add(message, now);
    }

    private void Deliver(MessageQueue queue)
    {
        while (queue.HasWaiters && TryLend(queue) is { } message)
            queue.NextWaiter().SetResult(message);
    }

    private LockedMessage? TryLend(MessageQueue queue)
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
            var lent = queue.Lend(next, now + Scaled(_options.LockDuration));
            _wakeUp.By(lent.LockedUntil);
            return lent;
        }
        return null;
    }

    private LockedMessage? GiveUpWaiting(MessageQueue queue, LinkedListNode<TaskCompletionSource<LockedMessage?>> waiter)
    {
        lock (_lock)
        {
            queue.StopWaiting(waiter);
            // Deliver completes a waiter under this lock: what is complete here was lent to us in the last moment and must not be lost.
            return waiter.Value.Task is { IsCompletedSuccessfully: true, Result: var message } ? message : null;
        }
    }

    private void GiveBack(MessageQueue queue, StoredMessage message, DateTimeOffset now)
    {
        queue.Counter.Abandoned++;
        if (message.DeliveryCount >= _options.MaxDeliveryCount && !QueueAddress.IsDeadLetters(queue.Address))
        {
            GiveUpAfterDeliveries(queue, message, now);
            return;
        }
        queue.Add(message, now);
        Deliver(queue);
    }

    private void GiveUpAfterDeliveries(MessageQueue queue, StoredMessage message, DateTimeOffset now) =>
        GiveUp(queue, message, "MaxDeliveryCountExceeded", $"Message could not be consumed after {_options.MaxDeliveryCount} delivery attempts.", now);

    private void GiveUp(MessageQueue queue, StoredMessage message, string reason, string description, DateTimeOffset now)
    {
        var forward = !string.Equals(queue.Address, _options.ForwardDeadLettersTo, StringComparison.OrdinalIgnoreCase)
            && !QueueAddress.IsDeadLetters(queue.Address) && _queues.ContainsKey(_options.ForwardDeadLettersTo);
        var target = forward ? _queues[_options.ForwardDeadLettersTo] : QueueAddress.IsDeadLetters(queue.Address) ? queue : _queues[QueueAddress.DeadLettersOf(queue.Address)];
        message.GiveUp(forward ? queue.Address : null, reason, description, now, forward ? Later(now, Scaled(_options.DefaultTimeToLive)) : DateTimeOffset.MaxValue);
        _file.Move(target.Address, message);
        queue.Counter.DeadLettered++;
        target.Add(message, now);
        Deliver(target);
    }

    private void OnWakeUp()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            var now = _time.GetUtcNow();
            foreach (var queue in _queues.Values)
            {
                foreach (var message in queue.TakeBackOverdue(now))
                    GiveBack(queue, message, now);
                if (queue.Activate(now))
                    Deliver(queue);
            }
            _wakeUp.Clear();
            Arm();
        }
    }

    private void Arm()
    {
        foreach (var queue in _queues.Values)
            _wakeUp.By(queue.NextEvent());
    }

    private MessageQueue Find(string address)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _queues.TryGetValue(address, out var queue) ? queue : throw new QueueException(QueueRefusal.QueueNotFound, $"There is no queue '{address}'.");
    }

    private MessageQueue FindForSending(string address) => QueueAddress.IsDeadLetters(address)
        ? throw new QueueException(QueueRefusal.BadMessage, $"'{address}' takes no messages from senders.")
        : Find(address);

    private TimeSpan Scaled(TimeSpan wait) => wait * _options.TimeScale;

    private static DateTimeOffset Later(DateTimeOffset time, TimeSpan wait) => wait < DateTimeOffset.MaxValue - time ? time + wait : DateTimeOffset.MaxValue;
}
