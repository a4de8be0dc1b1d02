using System.Reflection;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Tells the cloud how the machine is: on every connection, each 5 minutes, when the last error changes. Learns the time from the answer.</summary>
internal sealed class StatusReporter : BackgroundService
{
    /// <summary>Between two statuses when nothing changes (protocol, Status).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private static readonly string Version = typeof(StatusReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private readonly OrderStore store;
    private readonly StateFolder folder;
    private readonly Uplink uplink;
    private readonly MachineClock clock;
    private readonly Health health;
    private readonly ResendSchedule backoff;
    private readonly ILogger<StatusReporter> log;
    private readonly Signal wake;
    private readonly Lock gate = new();
    private (string Id, DateTimeOffset SentAt)? last;
    private DateTimeOffset offlineSince;
    private TimeSpan offlineFor;
    private int unanswered;

    public StatusReporter(
        OrderStore store, StateFolder folder, Uplink uplink, MachineClock clock, Health health, ResendSchedule backoff, TimeProvider time,
        ILogger<StatusReporter> log)
    {
        (this.store, this.folder, this.uplink, this.clock, this.health, this.backoff, this.log)
            = (store, folder, uplink, clock, health, backoff, log);
        wake = new(time);
        offlineSince = clock.Steady;
        health.Changed += OnHealthChanged;
    }

    /// <summary>The link came or went.</summary>
    public void LinkChanged(bool online)
    {
        lock (gate)
        {
            if (online)
                offlineFor = clock.Steady - offlineSince;
            else
                offlineSince = clock.Steady;
        }

        if (online)
            wake.Set();
    }

    /// <summary>The cloud answered. An answer to an older status says nothing about the time.</summary>
    public void Answered(StatusAck ack, DateTimeOffset receivedAt)
    {
        lock (gate)
        {
            if (last is not { } status || status.Id != ack.InReplyTo)
                return;
            last = null;
            unanswered = 0;
            if (clock.Learn(ack.Now, status.SentAt, receivedAt))
                log.ClockLearnt((long)clock.Offset.TotalMilliseconds);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        health.Changed -= OnHealthChanged;
        wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await wake.WaitAsync(Wait(), stoppingToken);
            if (uplink.Online)
                await uplink.PublishAsync(Compose(), stoppingToken);
        }
    }

    private void OnHealthChanged(object? sender, EventArgs e) => wake.Set();

    private DeviceStatus Compose()
    {
        var (waiting, open) = store.Count();
        lock (gate)
        {
            var now = clock.Steady;
            var status = new DeviceStatus
            {
                Version = Version,
                Unsent = waiting,
                OfflineForS = (long)offlineFor.TotalSeconds,
                OpenOrders = open,
                Clock = clock.Corrected,
                DiskFreeBytes = folder.FreeBytes,
                LastError = health.LastError,
            };
            last = (status.Id, now);
            unanswered++;
            return status;
        }
    }

    /// <summary>Until the next status is due: an unanswered one is said anew, later each time.</summary>
    private TimeSpan Wait()
    {
        lock (gate)
        {
            if (!uplink.Online)
                return Timeout.InfiniteTimeSpan;
            return last is null ? Interval : backoff.Backoff(unanswered + 2);
        }
    }
}
