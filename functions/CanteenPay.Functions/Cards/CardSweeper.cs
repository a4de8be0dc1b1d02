using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>Guards card money: wakes feeds that have something left, completes operations, and takes away guards that guard nothing.</summary>
internal sealed class CardSweeper(
    CardStore cards, OpenCardStore open, FeedWake wake, DeviceRegistry devices, IEnumerable<IGuardedOperations> operations, Random chance, ILogger<CardSweeper> logger)
    : ISweeper
{
    private const int MostPerPartition = 500;
    private const int MostListed = 50_000;

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(3);

    /// <summary>By then every handler that wrote the guard has ended, so that one that guards nothing never will.</summary>
    private static readonly TimeSpan Orphaned = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public async Task SweepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var apart = new OneByOne();
        var heard = new JournalsHeard(cards, devices);
        foreach (var partition in OpenCardRow.AllPartitions)
        {
            // All first: what is done about a guard may write guards.
            var guards = await open.ListAsync(partition, cancellationToken).Where(guard => now - guard.GuardedAt > Overdue).Take(MostListed).ToListAsync(cancellationToken);
            foreach (var guard in InTurn(guards))
            {
                await apart.TryAsync(
                    () => guard.Operation is null ? SweepFeedAsync(guard, now, cancellationToken) : SweepOperationAsync(guard, now, heard, cancellationToken), cancellationToken);
            }
        }

        apart.End("guards of card money could not be swept");
    }

    /// <summary>What somebody may have left, then what only waits: many that wait for one machine must not stand before a top-up whose ledger row is missing.</summary>
    private IEnumerable<OpenCardRow> InTurn(List<OpenCardRow> guards) =>
    [
        .. guards.Where(guard => guard.Operation is null),
        .. Some([.. guards.Where(guard => guard is { Operation: not null, Waits: false })]),
        .. Some([.. guards.Where(guard => guard is { Operation: not null, Waits: true })]),
    ];

    /// <summary>As many as a sweep has time for, from anywhere on, so that everyone's turn comes.</summary>
    private IEnumerable<OpenCardRow> Some(List<OpenCardRow> guards)
    {
        var first = guards.Count > MostPerPartition ? chance.Next(guards.Count) : 0;
        return guards.Skip(first).Concat(guards.Take(first)).Take(MostPerPartition);
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

    private async Task SweepOperationAsync(OpenCardRow guard, DateTimeOffset now, JournalsHeard heard, CancellationToken cancellationToken)
    {
        foreach (var some in operations)
        {
            var state = await some.CompleteAsync(guard.Merchant, guard.Operation!, heard, cancellationToken);
            if (state == GuardedState.Waits && !guard.Waits)
                await open.NoteWaitingAsync(guard, cancellationToken);
            if (state != GuardedState.Unknown)
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
    /// Goes on with an operation that may have been left: completes it and takes its guard away, or leaves the guard where it has to wait.
    /// </summary>
    /// <param name="merchant">Whose it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="heard">What was heard of machines in this sweep.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<GuardedState> CompleteAsync(MerchantId merchant, string key, JournalsHeard heard, CancellationToken cancellationToken);
}

/// <summary>How a guarded operation stands.</summary>
internal enum GuardedState
{
    /// <summary>There is no such operation: its guard is taken away once nobody can be about to begin it.</summary>
    Unknown,

    /// <summary>It is done, and its guard is gone.</summary>
    Finished,

    /// <summary>It waits for something that it has no part in.</summary>
    Waits,
}
