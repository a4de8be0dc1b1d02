using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Telemetry;

namespace CanteenPay.Functions.Payments;

/// <summary>
/// Guards payments: orders and refunds that still need a step and are older than scheduled messages should have let them be. A message that is still there
/// is folded into the one sent here, since the steps have fixed numbers.
/// </summary>
internal sealed class PaymentSweeper(
    OrderStore orders, RefundStore refunds, OpenOrderStore open, PaymentStepQueue steps, ILogger<PaymentSweeper> logger) : ISweeper
{
    /// <summary>A page.</summary>
    private const int MostListed = 1000;

    private const int MostPerPartition = 500;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(3);

    /// <summary>An order that is closed at 300 s is over by then: one that is not was really left behind.</summary>
    private static readonly TimeSpan LeftBehind = TimeSpan.FromMinutes(6);

    /// <summary>By then every handler that knew the guard has ended, so that a guard without its order guards nothing.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(15);

    /// <summary>What could not be helped for so long is tried less often.</summary>
    private static readonly TimeSpan Stubborn = TimeSpan.FromHours(1);

    private const int StubbornMinutes = 10;

    /// <summary>Revives open orders.</summary>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        var ages = new List<TimeSpan>();
        foreach (var partition in OpenOrderRow.AllPartitions)
            await apart.TryAsync(() => SweepAsync(partition, now, ages, cancellationToken), cancellationToken);
        PaymentMeters.Found(ages);
        apart.End("partitions of OpenOrders could not be swept");
    }

    private async Task SweepAsync(string partition, DateTimeOffset now, List<TimeSpan> ages, CancellationToken cancellationToken)
    {
        var overdue = new List<OpenOrderRow>();
        var old = 0;
        await foreach (var guard in open.ListAsync(partition, cancellationToken).Take(MostListed))
        {
            var age = now - guard.CreatedAt;
            if (guard.Refund is null)
                ages.Add(age);
            if (!guard.IsBefore(now - Overdue) || ++old > MostPerPartition)
                continue;
            if (guard.IsBefore(now - Orphaned) && await IsOrphanAsync(guard, cancellationToken))
                await open.DeleteAsync(guard.Key, cancellationToken);
            else if (age < Stubborn || now.Minute % StubbornMinutes == 0)
                overdue.Add(guard);
        }

        if (overdue.Count == 0)
            return;
        await steps.ScheduleNextPollsAsync(overdue, now, cancellationToken);
        if (overdue.Count(guard => now - guard.CreatedAt > LeftBehind) is > 0 and var left)
            PaymentLog.SweepRevived(logger, left);
    }

    private async Task<bool> IsOrphanAsync(OpenOrderRow guard, CancellationToken cancellationToken)
    {
        var guardOfStored = guard.Refund is { } refund
            ? (await refunds.FindAsync(refund, cancellationToken))?.Refund.OpenKey
            : (await orders.FindAsync(guard.Order, cancellationToken))?.Order.OpenKey;
        return guardOfStored != guard.Key;
    }
}
