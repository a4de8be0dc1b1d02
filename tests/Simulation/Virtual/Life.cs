namespace CanteenPay.Simulation.Virtual;

/// <summary>One run of a process, from its start to its kill. Once it is over nothing of it runs any more, in the middle of whatever it was.</summary>
internal sealed class Life(Agenda agenda, string name, Action<Life, Exception> failed) : SynchronizationContext
{
    private volatile bool isOver;

    /// <summary>What it is, for the trace.</summary>
    public string Name => name;

    /// <summary>It was killed.</summary>
    public bool IsOver => isOver;

    /// <summary>Called after each of its steps.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Kills it.</summary>
    public void End() => isOver = true;

    /// <summary>A wait by virtual time.</summary>
    public Task DelayAsync(TimeSpan time)
    {
        var over = new TaskCompletionSource();
        agenda.After(time, this, over.SetResult);
        return over.Task;
    }

    /// <summary>Starts something that runs by itself.</summary>
    public void Start(Func<Task> work) => Post(_ => Observe(work), null);

    /// <summary>Starts something later.</summary>
    public void StartAfter(TimeSpan wait, Func<Task> work) => agenda.After(wait, this, () => Start(work));

    /// <summary>What a process left behind may still stir when memory is tidied (a timer that is finalised, say): that is nobody's business any more.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsOver)
            agenda.Post(this, d, state);
    }

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing waits for its thread here.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    private async void Observe(Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // The boundary of one process: what comes here would have ended it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed(this, e);
        }
    }
}
