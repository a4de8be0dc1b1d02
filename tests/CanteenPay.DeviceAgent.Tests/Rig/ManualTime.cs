namespace CanteenPay.DeviceAgent.Tests.Rig;

/// <summary>Time that passes when the test says so. Timers fire, in order, inside <see cref="Pass"/>.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start.ToUniversalTime();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Added to the wall clock alone: somebody sets the system's time.</summary>
    public TimeSpan WallClockJump { get; set; }

    public override DateTimeOffset GetUtcNow() => Now + WallClockJump;

    public override long GetTimestamp() => Now.UtcTicks;

    private DateTimeOffset Now
    {
        get
        {
            lock (gate)
                return now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Pass(TimeSpan time)
    {
        var end = Now + time;
        while (true)
        {
            ManualTimer? due;
            lock (gate)
            {
                due = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                now = due?.Due is { } at && at > now ? at : due is null ? end : now;
                due?.Advance();
            }

            if (due is null)
                return;
            due.Fire();
        }
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? Due { get; private set; }

        public void Fire() => fire();

        public void Advance() => Due = period > TimeSpan.Zero ? Due + period : null;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                period = newPeriod;
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
                if (!time.timers.Contains(this))
                    time.timers.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (time.gate)
                time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
