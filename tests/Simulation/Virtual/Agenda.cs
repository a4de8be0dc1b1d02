namespace CanteenPay.Simulation.Virtual;

/// <summary>
/// What happens next, by virtual time: all of it on one thread and in one order. Asynchronous code goes on by <see cref="Post"/>, because each process is the
/// synchronisation context of its own code; so handlers interleave wherever they wait, and never otherwise.
/// </summary>
internal sealed class Agenda(DateTimeOffset start)
{
    private readonly PriorityQueue<(Life Life, Action Act), (DateTimeOffset At, long Order)> due = new();
    private readonly Queue<(Life Life, SendOrPostCallback Act, object? State)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long order;

    /// <summary>Virtual time.</summary>
    public DateTimeOffset Now { get; private set; } = start;

    /// <summary>Whose code runs now.</summary>
    public Life? Acting { get; private set; }

    /// <summary>Lets something happen later, unless the life is over by then.</summary>
    public void After(TimeSpan wait, Life life, Action act)
    {
        CheckThread();
        due.Enqueue((life, act), (Now + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero), order++));
    }

    /// <summary>Lets code of a life go on before time passes.</summary>
    public void Post(Life life, SendOrPostCallback act, object? state)
    {
        CheckThread();
        ready.Enqueue((life, act, state));
    }

    /// <summary>Lets time pass.</summary>
    /// <param name="end">Until then.</param>
    /// <param name="stop">Or until this is so.</param>
    public void RunUntil(DateTimeOffset end, Func<bool> stop)
    {
        while (!stop())
        {
            if (ready.TryDequeue(out var next))
            {
                Run(next.Life, next.Life, () => next.Act(next.State));
            }
            else if (due.TryPeek(out _, out var priority) && priority.At <= end)
            {
                Now = priority.At > Now ? priority.At : Now;
                var (life, act) = due.Dequeue();
                // Without a context: whoever waits for what completes here is posted to its own, and library code in between goes on here and now.
                Run(life, context: null, act);
            }
            else
            {
                Now = end;
                return;
            }
        }
    }

    private void Run(Life life, SynchronizationContext? context, Action act)
    {
        if (life.IsOver)
            return;
        Acting = life;
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            act();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            Acting = null;
        }

        if (!life.IsOver)
            life.AfterStep?.Invoke();
    }

    private void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != thread)
            throw new InvalidOperationException("Simulated code went on on another thread, so no seed replays: find the ConfigureAwait(false), Task.Run or real timer.");
    }
}
