using System.Diagnostics;

namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// The order of one queue in memory: who waits for a time, who may be delivered next, who is lent to whom.
/// No I/O and no lock of its own: <see cref="QueueStore"/> calls it under its lock and writes the rows.
/// </summary>
internal sealed class MessageQueue(string address)
{
    // An abandoned message returns to its old place, before everything that was sent after it: that is Azure's order, and the reason redelivery comes at once.
    private readonly SortedDictionary<long, StoredMessage> _ready = [];
    private readonly PriorityQueue<StoredMessage, DateTimeOffset> _scheduled = new();
    private readonly Dictionary<Guid, Loan> _loans = [];
    private readonly LinkedList<TaskCompletionSource<LockedMessage?>> _waiters = [];

    public string Address { get; } = address;

    public bool Held { get; set; }

    public QueueCounter Counter { get; } = new();

    public int Ready => _ready.Count;

    public int Scheduled => _scheduled.Count;

    public int InFlight => _loans.Count;

    public int Count => _ready.Count + _scheduled.Count + _loans.Count;

    public void Add(StoredMessage message, DateTimeOffset now)
    {
        if (message.EnqueuedTime > now)
            _scheduled.Enqueue(message, message.EnqueuedTime);
        else
            _ready.Add(message.Sequence, message);
    }

    public StoredMessage? PeekNext() => _ready.Count == 0 ? null : _ready.First().Value;

    public void RemoveReady(StoredMessage message) => _ready.Remove(message.Sequence);

    public LockedMessage Lend(StoredMessage message, DateTimeOffset until)
    {
        var taken = _ready.Remove(message.Sequence);
        Debug.Assert(taken, "only what is ready can be lent");
        var token = Guid.NewGuid();
        _loans.Add(token, new Loan(message, until));
        return new LockedMessage(Address, message.Message, message.MessageId, message.Sequence, message.DeliveryCount, token, until,
            message.EnqueuedTime, message.ExpiresAt, message.DeadLetterSource);
    }

    public StoredMessage? TakeBack(Guid lockToken) => _loans.Remove(lockToken, out var loan) ? loan.Message : null;

    public bool Extend(Guid lockToken, DateTimeOffset until)
    {
        if (!_loans.TryGetValue(lockToken, out var loan))
            return false;
        _loans[lockToken] = loan with { Until = until };
        return true;
    }

    /// <summary>Makes active what has become due; true when there was any.</summary>
    public bool Activate(DateTimeOffset now)
    {
        var any = false;
        while (_scheduled.TryPeek(out var message, out var due) && due <= now)
        {
            _scheduled.Dequeue();
            _ready.Add(message.Sequence, message);
            any = true;
        }
        return any;
    }

    public IReadOnlyList<StoredMessage> TakeBackOverdue(DateTimeOffset now)
    {
        List<StoredMessage>? overdue = null;
        foreach (var (token, loan) in _loans)
        {
            if (loan.Until > now)
                continue;
            (overdue ??= []).Add(loan.Message);
            _loans.Remove(token);
        }
        return overdue ?? [];
    }

    /// <summary>When something happens by itself next: a schedule that comes due or a lock that runs out.</summary>
    public DateTimeOffset NextEvent()
    {
        var next = _scheduled.TryPeek(out _, out var due) ? due : DateTimeOffset.MaxValue;
        foreach (var loan in _loans.Values)
            next = loan.Until < next ? loan.Until : next;
        return next;
    }

    public LinkedListNode<TaskCompletionSource<LockedMessage?>> Wait() =>
        _waiters.AddLast(new TaskCompletionSource<LockedMessage?>(TaskCreationOptions.RunContinuationsAsynchronously));

    public void StopWaiting(LinkedListNode<TaskCompletionSource<LockedMessage?>> waiter)
    {
        if (waiter.List is not null)
            _waiters.Remove(waiter);
    }

    public bool HasWaiters => _waiters.Count > 0;

    public TaskCompletionSource<LockedMessage?> NextWaiter()
    {
        var waiter = _waiters.First!.Value;
        _waiters.RemoveFirst();
        return waiter;
    }

    private readonly record struct Loan(StoredMessage Message, DateTimeOffset Until);
}
