namespace CanteenPay.Simulation.Virtual;

/// <summary>
/// What happens next, by virtual time: all of it on one thread and in one order. Asynchronous code goes on by <see cref="Post"/>, because each process is the
/// synchronisation context of its own code; so handlers interleave wherever they wait, and never otherwise.
/// </summary>
internal sealed class Agenda(DateTimeOffset start)
{
    private readonly PriorityQueue<(DateTimeOffset At, Life Life, Action Act), (long Ticks, long Order)> due = new(new InTurn());
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
        var at = Now + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        due.Enqueue((at, life, act), (at.UtcTicks, order++));
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
            else if (due.TryPeek(out var first, out _) && first.At <= end)
            {
                var (at, life, act) = due.Dequeue();
                Now = at > Now ? at : Now;
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

    /// <summary>As the pairs themselves compare, which would take as long as many a step.</summary>
    private sealed class InTurn : IComparer<(long Ticks, long Order)>
    {
        public int Compare((long Ticks, long Order) x, (long Ticks, long Order) y) => x.Ticks != y.Ticks ? x.Ticks.CompareTo(y.Ticks) : x.Order.CompareTo(y.Order);
    }
}
