using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Guards card money: wakes feeds that have something left, completes operations, and takes away guards that guard nothing.</summary>
internal sealed class CardSweeper(CardStore cards, OpenCardStore open, FeedWake wake, IEnumerable<IGuardedOperations> operations, ILogger<CardSweeper> logger) : ISweeper
{
    private const int MostPerPartition = 500;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(3);

    /// <summary>By then every handler that wrote the guard has ended, so that one that guards nothing never will.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        foreach (var partition in OpenCardRow.AllPartitions)
        {
            // All first: what is done about a guard may write guards.
            var guards = await open.ListAsync(partition, cancellationToken).Where(guard => now - guard.GuardedAt > Overdue).Take(MostPerPartition).ToListAsync(cancellationToken);
            foreach (var guard in guards)
            {
                try
                {
                    await (guard.Operation is null ? SweepFeedAsync(guard, now, cancellationToken) : SweepOperationAsync(guard, now, cancellationToken));
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    // One merchant's trouble must not keep the guardian from the others.
                    failures.Add(e);
                }
            }
        }

        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} guards of card money could not be swept.", failures);
    }

    private async Task SweepFeedAsync(OpenCardRow guard, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var feed = await cards.FeedAsync(guard.Merchant, cancellationToken);
        if (feed.Published < feed.Current || await cards.ChangesAsync(guard.Merchant, maxPerPage: 1, cancellationToken).AnyAsync(cancellationToken))
        {
            CardLog.SweepWoke(logger, guard.Merchant.Value);
            await wake.WakeAsync(guard.Merchant, cancellationToken);
        }
        else if (now - guard.GuardedAt > Orphaned)
        {
            await open.ReleaseAsync(guard, cancellationToken);
        }
    }

    private async Task SweepOperationAsync(OpenCardRow guard, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var some in operations)
        {
            if (await some.CompleteAsync(guard.Merchant, guard.Operation!, cancellationToken))
                return;
        }

        if (now - guard.GuardedAt > Orphaned)
            await open.ReleaseAsync(guard, cancellationToken);
    }
}

/// <summary>Operations that are guarded by a row of <c>OpenCards</c>.</summary>
internal interface IGuardedOperations
{
    /// <summary>
    /// Goes on with an operation that may have been left: completes it and takes its guard away, or leaves the guard where it has to wait. False when there is no such
    /// operation: its guard is taken away once nobody can be about to begin it.
    /// </summary>
    Task<bool> CompleteAsync(MerchantId merchant, string key, CancellationToken cancellationToken);
}
