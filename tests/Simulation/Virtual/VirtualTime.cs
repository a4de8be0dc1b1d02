namespace CanteenPay.Simulation.Virtual;

/// <summary>The clocks of one process: virtual time, with a wall clock that may be off, and timers that end with the process.</summary>
/// <param name="agenda">Virtual time.</param>
/// <param name="life">The process.</param>
/// <param name="wallClockOff">What its wall clock shows more.</param>
/// <param name="shortestPeriod">
/// A periodic timer ticks no faster than this: four ticks a second over half an hour, at which nothing happens, would be most of what a case costs.
/// </param>
/// <param name="steadySpeed">How fast its steady clock runs: 1, in a product that is not broken on purpose.</param>
internal sealed class VirtualTime(Agenda agenda, Life life, TimeSpan wallClockOff = default, Func<TimeSpan>? shortestPeriod = null, int steadySpeed = 1) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => (agenda.Now + wallClockOff).ToUniversalTime();

    /// <inheritdoc/>
    public override long GetTimestamp() => agenda.Now.UtcTicks * steadySpeed;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        private int version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Schedule(version, dueTime, period);
            return true;
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(int scheduled, TimeSpan wait, TimeSpan period) => time.Schedule(wait, () =>
        {
            if (version != scheduled)
                return;
            if (period > TimeSpan.Zero)
                Schedule(scheduled, time.Stretched(period), period);
            fire();
        });
    }

    private void Schedule(TimeSpan wait, Action act) => agenda.After(wait, life, act);

    private TimeSpan Stretched(TimeSpan period) => shortestPeriod?.Invoke() is { } shortest && shortest > period ? shortest : period;
}
