using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>Keeps cards in step with the cloud: entries go up until they are acknowledged, accounts and rules come down.</summary>
internal sealed class CardSync : BackgroundService
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromHours(1);

    private readonly CardTables tables;
    private readonly JournalUpload upload;
    private readonly FeedPull pull;
    private readonly Forgetting forgetting;
    private readonly Uplink uplink;
    private readonly StatusReporter status;
    private readonly MachineClock clock;
    private readonly FaultReport faults;
    private readonly ILogger<CardSync> log;
    private readonly Signal wake;
    private DateTimeOffset keepAt;
    private DateTimeOffset forgetAt;

    public CardSync(
        CardTables tables, CardStore store, JournalUpload upload, FeedPull pull, Forgetting forgetting, Uplink uplink, StatusReporter status, MachineClock clock,
        FaultReport faults, TimeProvider time, ILogger<CardSync> log)
    {
        (this.tables, this.upload, this.pull, this.forgetting, this.uplink, this.status, this.clock, this.faults, this.log)
            = (tables, upload, pull, forgetting, uplink, status, clock, faults, log);
        wake = new(time);
        store.Appended += (_, _) => Wake();
        keepAt = clock.Steady + OfflineClock.KeepInterval;
    }

    /// <summary>There is something to send.</summary>
    public void Wake() => wake.Set();

    /// <summary>The link came back: everything is due again.</summary>
    public void Reconnected()
    {
        tables.Database.Consistently(() =>
        {
            upload.Restart();
            pull.Restart();
            return true;
        });
        Wake();
    }

    /// <summary>Takes a message of the cloud. What cannot be stored is lost here, and asked for again.</summary>
    public void Receive(DeviceMessage message)
    {
        try
        {
            tables.Database.Consistently(() =>
            {
                Take(message);
                return true;
            });
        }
        catch (SqliteException e) when (!DatabaseDamage.Is(e))
        {
            faults.Report(message.GetType().Name, e);
        }

        Wake();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        wake.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
            await wake.WaitAsync(await RoundAsync(stoppingToken), stoppingToken);
    }

    private void Take(DeviceMessage message)
    {
        switch (message)
        {
            case CardEntriesAck ack:
                Heard();
                upload.Answered(ack);
                break;
            case StatusAck ack:
                Heard();
                pull.Told(ack.FeedVersion);
                foreach (var cursor in ack.Cursors)
                    upload.Told(cursor);
                break;
            case CardsPart or CardsChanged when !tables.TakesAccounts:
                faults.Report(nameof(CardSync), new IOException("The database is full: accounts are not brought up to date."));
                break;
            case CardsPart part when pull.Take(part):
                log.AccountsCame(part.Accounts.Count, part.Version, part.More);
                TellWhenClosing(part.Accounts);
                break;
            case CardsChanged changed when pull.Take(changed):
                TellWhenClosing(changed.Accounts);
                break;
            case MachineSettings settings when tables.Settings.Take(settings):
                log.CardRulesCame(settings.Version);
                status.Soon();
                break;
        }
    }

    private void Heard()
    {
        if (tables.Clock.Heard())
            tables.Clock.Keep();
    }

    /// <summary>An account is paid out only when every machine has said that it knows: the holder stands at the office and waits.</summary>
    private void TellWhenClosing(IReadOnlyList<CardAccount> accounts)
    {
        if (accounts.Any(account => account.State == AccountState.Closing))
            status.Soon();
    }

    /// <summary>A round; how long to wait then.</summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            Housekeep();
            var online = uplink.Online;
            foreach (var message in online ? Due() : [])
            {
                if (!await uplink.PublishAsync(message, cancellationToken))
                    break;
            }

            var next = online ? tables.Database.Consistently(() => Earlier(upload.Next(), pull.Next())) : null;
            var until = Earlier(next, keepAt)!.Value - clock.Steady;
            return until > TimeSpan.Zero ? until : TimeSpan.Zero;
        }
        catch (SqliteException e) when (!DatabaseDamage.Is(e))
        {
            faults.Report(nameof(CardSync), e);
            return AfterFailure;
        }
    }

    private List<DeviceMessage> Due() => tables.Database.Consistently(() =>
    {
        List<DeviceMessage> due = [.. upload.Due()];
        if (pull.Due() is { } question)
            due.Add(question);
        return due;
    });

    private void Housekeep()
    {
        tables.EnsureJournal();
        var now = clock.Steady;
        if (now >= keepAt)
        {
            keepAt = now + OfflineClock.KeepInterval;
            tables.Clock.Keep();
        }

        if (now >= forgetAt && clock.IsLearnt)
        {
            forgetAt = now + ForgetInterval;
            tables.Database.Consistently(() => forgetting.Forget(clock.Corrected));
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
