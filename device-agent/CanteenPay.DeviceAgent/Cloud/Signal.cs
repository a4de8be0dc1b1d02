namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Wakes one waiter. Set while nobody waits, it is remembered, once.</summary>
internal sealed class Signal(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Lock gate = new();

    /// <summary>Wakes the waiter, or lets the next wait return at once.</summary>
    public void Set()
    {
        lock (gate)
        {
            if (raised.CurrentCount == 0)
                raised.Release();
        }
    }

    /// <summary>Waits until it is set or the time is over; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (longest <= TimeSpan.Zero && longest != Timeout.InfiniteTimeSpan)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }

        await using var timer = longest == Timeout.InfiniteTimeSpan ? null : time.CreateTimer(_ => Set(), null, longest, Timeout.InfiniteTimeSpan);
        await raised.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => raised.Dispose();
}
