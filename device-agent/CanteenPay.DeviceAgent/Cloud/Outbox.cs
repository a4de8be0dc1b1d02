using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Telemetry;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cloud;

/// <summary>Sends what waits for an answer, again and again, until the store no longer holds it.</summary>
internal sealed class Outbox(
    OrderStore store, Uplink uplink, ResendSchedule schedule, MachineClock clock, FaultReport faults, TimeProvider time, TillLimits limits,
    PaymentWatch watch) : BackgroundService
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMinutes(5);

    /// <summary>Sent before the database is looked at again: a request that a diner waits for must not stand behind a thousand questions.</summary>
    private const int MaxInRound = 20;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Signal wake = new(time);
    private DateTimeOffset askAt;
    private volatile bool restart = true;

    /// <summary>Something was stored that must be sent.</summary>
    public void Wake() => wake.Set();

    /// <summary>The link came back: everything is due again, and each order without an end is asked about.</summary>
    public void Reconnected()
    {
        restart = true;
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

    /// <summary>A round; how long to wait then. A database that fails (a full disk, say) must not stop the agent: paid orders can still be shown.</summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        if (!uplink.Online)
            return Timeout.InfiniteTimeSpan;
        try
        {
            AskAboutOpenOrders();
            return await SendDueAsync(cancellationToken);
        }
        catch (SqliteException e) when (!DatabaseDamage.Is(e))
        {
            faults.Report(nameof(Outbox), e);
            return AfterFailure;
        }
    }

    /// <summary>After a reconnect and each 5 minutes: a result whose every copy was lost would otherwise never come.</summary>
    private void AskAboutOpenOrders()
    {
        var now = clock.Steady;
        if (restart)
        {
            restart = false;
            schedule.Restart();
            askAt = now;
        }

        if (now < askAt)
            return;
        store.AskAbout([.. store.WithoutEnd().Where(order => order.Stage != OrderStage.Requested).Select(order => order.Id)]);
        askAt = now + AskInterval;
    }

    private async Task<TimeSpan> SendDueAsync(CancellationToken cancellationToken)
    {
        var waiting = store.Waiting();
        foreach (var row in schedule.Due(waiting, clock.Steady).OrderBy(row => row.Kind).Take(MaxInRound))
        {
            schedule.Sent(row, clock.Steady);
            if (!await uplink.PublishAsync(MessageOf(row) with { Traceparent = watch.TraceOf(row.Order.Id) }, cancellationToken))
                break;
        }

        var next = schedule.Next(waiting, clock.Steady);
        var wakeAt = next < askAt ? next.Value : askAt;
        return wakeAt - clock.Steady is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private DeviceMessage MessageOf(OutboxRow row) => row.Kind switch
    {
        OutboxKind.Request => new PayRequest
        {
            OrderId = row.Order.Id,
            MerchantId = row.Order.Id.Merchant,
            Amount = row.Order.Amount,
            RequestedAt = row.Order.RequestedAt,
            ExpiresInS = (int)limits.QrLife.TotalSeconds,
            RetryOf = row.Order.RetryOf,
        },
        OutboxKind.Cancel => new PayCancel { OrderId = row.Order.Id },
        OutboxKind.Refund when row.Order.Refund is { } refund => new PayRefund
        {
            OrderId = row.Order.Id,
            RefundKey = refund.Key,
            Amount = refund.Amount,
            RequestedAt = refund.RequestedAt,
        },
        OutboxKind.Status => new PayStatus { OrderId = row.Order.Id },
        _ => throw new ArgumentOutOfRangeException(nameof(row), row.Kind, "Not a kind of message."),
    };
}
