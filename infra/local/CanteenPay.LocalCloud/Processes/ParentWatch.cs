namespace CanteenPay.LocalCloud.Processes;

/// <summary>Asks for the end when the parent process is gone (a test runner that was killed, say).</summary>
internal sealed class ParentWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly ITimer _timer;

    internal ParentWatch(int pid, CancellationTokenSource ending, TimeProvider time)
    {
        var parent = ProcessRecord.ReadStartTicks(pid);
        _timer = time.CreateTimer(
            _ =>
            {
                if (parent is null || ProcessRecord.ReadStartTicks(pid) != parent)
                {
                    ending.Cancel();
                }
            },
            null,
            Interval,
            Interval);
    }

    public void Dispose() => _timer.Dispose();
}
