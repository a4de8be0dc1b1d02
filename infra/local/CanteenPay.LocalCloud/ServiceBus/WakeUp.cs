namespace CanteenPay.LocalCloud.ServiceBus;

/// <summary>
/// One timer, set to the earliest time that anybody asked for. What keeps schedules prompt without polling.
/// No lock of its own: used under the store's lock, and <paramref name="ring"/> takes that lock.
/// </summary>
internal sealed class WakeUp(TimeProvider time, Action ring) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private readonly ITimer _timer = time.CreateTimer(static ring => ((Action)ring!)(), ring, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private DateTimeOffset _at = DateTimeOffset.MaxValue;

    /// <summary>Rings at this time or before it.</summary>
    public void By(DateTimeOffset at)
    {
        if (at >= _at)
            return;
        _at = at;
        // Timers count whole milliseconds: rounding up means one ring at or after the time, not several before it.
        var wait = Math.Ceiling(Math.Clamp((at - time.GetUtcNow()).TotalMilliseconds, 0, LongestTimer.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    /// <summary>After a ring: nothing is asked for any more.</summary>
    public void Clear() => _at = DateTimeOffset.MaxValue;

    public void Dispose() => _timer.Dispose();
}
