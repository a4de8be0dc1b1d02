using CanteenPay.Azure.Functions;

namespace CanteenPay.Functions.Payments;

/// <summary>
/// The guardian: each minute, orders that still need a step and are older than scheduled messages should have let them be. A message that is still there
/// is folded into the one sent here, since the steps have fixed numbers.
/// </summary>
internal sealed class Sweep(OrderStore store, PaymentSteps steps, TimeProvider clock, ILogger<Sweep> logger)
{
    private const int MostPerPartition = 500;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(3);

    /// <summary>By then every handler that knew the guard has ended, so that a guard without its order guards nothing.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(15);

    /// <summary>Revives open orders.</summary>
    [Function("Sweep")]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var overdue = new List<OpenOrderRow>();
        await foreach (var guard in store.ListGuardsAsync(now - Overdue, MostPerPartition, cancellationToken))
        {
            if (now - guard.CreatedAt > Orphaned && await IsOrphanAsync(guard, cancellationToken))
                await store.DeleteGuardAsync(guard.Key, cancellationToken);
            else
                overdue.Add(guard);
        }

        if (overdue.Count == 0)
            return;
        await steps.ScheduleNextPollsAsync(overdue, now, cancellationToken);
        PaymentLog.SweepRevived(logger, overdue.Count);
    }

    private async Task<bool> IsOrphanAsync(OpenOrderRow guard, CancellationToken cancellationToken) =>
        await store.FindAsync(guard.Order, cancellationToken) is not { } row || row.Order.OpenKey != guard.Key;
}
