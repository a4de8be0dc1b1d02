using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Supervision;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Tells the cloud how the machine is: on every connection, each 5 minutes, when the last error changes. Learns the time from the answer.</summary>
internal sealed class StatusReporter : BackgroundService
{
    /// <summary>Between two statuses when nothing changes (protocol, Status).</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>Answers too slow to tell the time after which it is asked for anew, soon; then only with the next status.</summary>
    public const int MaxSlowAnswers = 5;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly OrderStore store;
    private readonly CardTables cards;
    private readonly StateFolder folder;
    private readonly Uplink uplink;
    private readonly MachineClock clock;
    private readonly Health health;
    private readonly FaultReport faults;
    private readonly ResendSchedule backoff;
    private readonly ILogger<StatusReporter> log;
    private readonly Signal wake;
    private readonly Lock gate = new();
    private (string Id, DateTimeOffset SentAt)? unanswered;
    private DateTimeOffset sentAt;
    private DateTimeOffset dueAt;
    private DateTimeOffset offlineSince;
    private TimeSpan offlineFor;
    private int sentInVain;
    private int slowAnswers;

    public StatusReporter(
        OrderStore store, CardTables cards, StateFolder folder, Uplink uplink, MachineClock clock, Health health, FaultReport faults, ResendSchedule backoff,
        TimeProvider time, ILogger<StatusReporter> log)
    {
        (this.store, this.cards, this.folder, this.uplink, this.clock, this.health, this.faults, this.backoff, this.log)
            = (store, cards, folder, uplink, clock, health, faults, backoff, log);
        wake = new(time);
        offlineSince = clock.Steady;
        health.Changed += OnHealthChanged;
    }

    /// <summary>The connection came or went.</summary>
    public void LinkChanged(bool connected)
    {
        lock (gate)
        {
            if (connected)
                (offlineFor, dueAt, slowAnswers, sentInVain) = (clock.Steady - offlineSince, clock.Steady, 0, 0);
            else
                offlineSince = clock.Steady;
        }

        if (connected)
            wake.Set();
    }

    /// <summary>The cloud answered. An answer to an older status says nothing about the time.</summary>
    public void Answered(StatusAck ack, DateTimeOffset receivedAt)
    {
        lock (gate)
        {
            if (unanswered is not { } status || status.Id != ack.InReplyTo)
                return;
            (unanswered, sentInVain) = (null, 0);
            var before = clock.Offset;
            slowAnswers = clock.Learn(ack.Now, status.SentAt, receivedAt) ? 0 : slowAnswers + 1;
            if (clock.Offset != before)
                log.ClockLearnt((long)clock.Offset.TotalMilliseconds);
            dueAt = slowAnswers is > 0 and <= MaxSlowAnswers ? receivedAt + backoff.Backoff(slowAnswers) : status.SentAt + Interval;
        }

        wake.Set();
    }

    /// <summary>There is news for the cloud: the next status is due in a moment.</summary>
    public void Soon()
    {
        lock (gate)
        {
            var soon = sentAt + ShortestInterval;
            dueAt = soon < dueAt ? soon : dueAt;
        }

        wake.Set();
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
            await wake.WaitAsync(UntilDue(), stoppingToken);
            if (uplink.Connected && UntilDue() <= TimeSpan.Zero)
                await ReportAsync(stoppingToken);
        }
    }

    /// <summary>A disk that cannot be read must not end the agent: the till goes on, and says what it still can.</summary>
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            await uplink.PublishAsync(Compose(), cancellationToken);
        }
        catch (Exception e) when (!DatabaseDamage.Is(e) && e is (SqliteException or IOException or UnauthorizedAccessException))
        {
            faults.Report(nameof(StatusReporter), e);
            lock (gate)
                dueAt = clock.Steady + AfterFailure;
        }
    }

    private void OnHealthChanged(object? sender, EventArgs e) => Soon();

    private DeviceStatus Compose()
    {
        var (waiting, oldest, open) = store.Count();
        var standing = CardReport.Of(cards);
        var epoch = store.Epoch;
        var free = folder.FreeBytes;
        lock (gate)
        {
            var status = new DeviceStatus
            {
                Version = AgentVersion.Text,
                Epoch = epoch,
                Journals = standing.Journals,
                FeedVersion = standing.FeedVersion,
                SettingsVersion = standing.SettingsVersion,
                Unsent = waiting + standing.Unsent,
                OldestUnsentAgeS = Earlier(oldest, standing.OldestUnsent) is { } since ? Math.Max(0, (long)(clock.Corrected - since).TotalSeconds) : 0,
                OfflineForS = (long)offlineFor.TotalSeconds,
                OpenOrders = open,
                Clock = clock.Corrected,
                DiskFreeBytes = free,
                LastError = health.LastError,
            };
            sentAt = clock.Steady;
            unanswered = (status.Id, sentAt);
            sentInVain++;
            // Said anew, later each time, until an answer moves it to the next interval.
            dueAt = sentAt + backoff.Backoff(sentInVain + 2);
            return status;
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private TimeSpan UntilDue()
    {
        lock (gate)
        {
            if (!uplink.Connected)
                return Timeout.InfiniteTimeSpan;
            var left = dueAt - clock.Steady;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
