namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Says that something of the machine itself failed (a full disk, say), the same thing at most once a minute: in the log, and to operators by the status.</summary>
internal sealed class FaultReport(Health health, MachineClock clock, ILogger<FaultReport> log)
{
    /// <summary>The same fault is silent for so long.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private const int MaxRemembered = 32;
    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> saidAt = new(StringComparer.Ordinal);

    /// <summary>Reports what was being done when an exception ended it.</summary>
    public void Report(string doing, Exception e)
    {
        if (!IsNews(e.Message))
            return;
        log.MachineFault(e, doing);
        health.Report($"{doing}: {e.Message}");
    }

    /// <summary>By what went wrong, not by what was being done: a full disk fails everything.</summary>
    private bool IsNews(string what)
    {
        lock (gate)
        {
            var now = clock.Steady;
            if (saidAt.TryGetValue(what, out var before) && now - before < Quiet)
                return false;
            if (saidAt.Count >= MaxRemembered)
                saidAt.Clear();
            saidAt[what] = now;
            return true;
        }
    }
}
