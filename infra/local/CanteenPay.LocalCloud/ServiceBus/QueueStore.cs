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

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Broker _broker;
    private bool _disposed;

    /// <summary>Opens the file and takes up what an earlier process left in it. Messages of queues that are no longer declared stay untouched.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The file cannot be opened or is not a database.</exception>
    public QueueStore(QueueStoreOptions options, TimeProvider time)
    {
        if (options.TimeScale <= 0)
            throw new ArgumentException($"TimeScale is {options.TimeScale}; it must be greater than 0.", nameof(options));
        _time = time;
        lock (_lock)
        {
            _broker = new Broker(options, time, OnWakeUp);
            _broker.TakeUpAll();
        }
    }

    /// <summary>The declared queues, without their dead-letter queues.</summary>
    public IReadOnlyList<string> Queues => [.. _broker.All.Select(static q => q.Address).Where(static name => !QueueAddress.IsDeadLetters(name))];

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
            if (_broker.TryLend(queue) is { } ready)
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
            _broker.Finish(queue, message);
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
            _broker.GiveBack(queue, message);
            return true;
        }
    }

    /// <summary>Begins the lock's duration anew and returns its end; null when the lock was lost.</summary>
    public DateTimeOffset? Renew(string address, Guid lockToken)
    {
        lock (_lock)
        {
            var until = _broker.LockEnd();
            return Find(address).Extend(lockToken, until) ? until : null;
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
            _broker.Deliver(held);
        }
    }

    /// <summary>All queues as they are at this moment.</summary>
    public IReadOnlyList<QueueStatus> Status()
    {
        lock (_lock)
        {
            return [.. _broker.All.Where(static q => !QueueAddress.IsDeadLetters(q.Address)).Select(q => new QueueStatus(
                q.Address, q.Held, q.Ready, q.Scheduled, q.InFlight, _broker.Find(QueueAddress.DeadLettersOf(q.Address)).Count, q.Counter.Read()))];
        }
    }

    /// <summary>Begins all counts at 0 again.</summary>
    public void ResetCounters()
    {
        lock (_lock)
        {
            foreach (var queue in _broker.All)
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
            _broker.Dispose();
            foreach (var queue in _broker.All)
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
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _broker.Accept(address, messages);
        }
    }

    private MessageQueue Find(string address)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _broker.Find(address);
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

    private void OnWakeUp()
    {
        lock (_lock)
        {
            if (!_disposed)
                _broker.CatchUp();
        }
    }
}
