using CanteenPay.Functions.Cards.Operations;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Restored;

/// <summary>
/// Brings a merchant's card money together with the world after its partition of <c>Cards</c> was put back to an earlier state: versions first, so that machines listen
/// again, then what the ledger has and the accounts lack. May be killed after any I/O; the next call goes on. Why: <c>README.md</c>.
/// </summary>
internal sealed class Restoration(
    CardStore cards, OperationStore operations, OpenCardStore open, LedgerReplay replay, FeedWake wake, TimeProvider clock, ILogger<Restoration> logger)
{
    private const int AccountsAtOnce = 90;
    private const int MaxConflicts = 20;

    /// <summary>Versions are tenths of seconds since 1970 from then on: no feed and no account changes so often, so a later restoration is always beyond an earlier one.</summary>
    private const long MillisecondsOfAVersion = 100;

    /// <summary>Well below what a front door waits.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    /// <summary>Goes on with what is left under a key; another key begins anew.</summary>
    /// <param name="merchant">Whose cards.</param>
    /// <param name="key">The caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How far it is: not done, then it is called again.</returns>
    /// <exception cref="InvalidOperationException">Others kept writing the rows: it is called again.</exception>
    public async Task<RestoredView> GoOnAsync(MerchantId merchant, string key, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + LongestCall;
        var mark = await MarkAsync(merchant, key, cancellationToken);
        if (mark.IsDone)
            return new(merchant, mark.Floor, Done: true, Booked: 0);
        await open.GuardFeedAsync(merchant, cancellationToken);
        // Accounts before the feed: a machine that sees the feed's version pulls them, and they must be newer than what it has by then.
        if (!await RaiseAccountsAsync(mark, until, cancellationToken))
            return new(merchant, mark.Floor, Done: false, Booked: 0);
        await RaiseFeedAsync(mark, cancellationToken);
        await GuardOperationsAsync(mark, cancellationToken);
        var replayed = await replay.RunAsync(merchant, until, cancellationToken);
        await wake.WakeAsync(merchant, cancellationToken);
        // Not done where somebody else was at it: the next call looks again.
        var done = replayed.IsWhole && await cards.TryWriteAsync(new CardTransaction().Write(mark with { IsDone = true }, mark.Version), cancellationToken) is not null;
        CardLog.Restored(logger, merchant.Value, mark.Floor, replayed.Booked, done);
        return new(merchant, mark.Floor, done, replayed.Booked);
    }

    private async Task<RestoredRow> MarkAsync(MerchantId merchant, string key, CancellationToken cancellationToken)
    {
        var there = await cards.FindAsync<RestoredRow>(merchant, RestoredRow.RowKey, cancellationToken);
        if (there?.Key == key)
            return there;
        var feed = await cards.FeedAsync(merchant, cancellationToken);
        var floor = Math.Max(Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds() / MillisecondsOfAVersion, feed.Current + 1), (there?.Floor ?? 0) + 1);
        var mark = new RestoredRow(merchant, key, floor);
        return await cards.TryWriteAsync(new CardTransaction().Write(mark, there?.Version ?? default), cancellationToken) is [var version]
            ? mark with { Version = version }
            : throw new InvalidOperationException($"Somebody else began to bring the cards of {merchant} together at the same moment: ask again.");
    }

    /// <summary>False when the time is over.</summary>
    private async Task<bool> RaiseAccountsAsync(RestoredRow mark, DateTimeOffset until, CancellationToken cancellationToken)
    {
        // Once the feed is there, accounts are: one that was opened since is told by its own change.
        if ((await cards.FeedAsync(mark.Merchant, cancellationToken)).Current >= mark.Floor)
            return true;
        AccountId? after = null;
        for (var conflicts = 0; clock.GetUtcNow() < until;)
        {
            var some = await cards.AccountsAfterAsync(mark.Merchant, after, AccountsAtOnce, cancellationToken).Take(AccountsAtOnce).ToListAsync(cancellationToken);
            if (some.Count == 0)
                return true;
            var transaction = new CardTransaction();
            foreach (var row in some.Where(row => row.Account.Version < mark.Floor))
                transaction.Write(row with { Account = row.Account with { Version = mark.Floor } }, row.Version);
            if (transaction.Actions.Count == 0 || await cards.TryWriteAsync(transaction, cancellationToken) is not null)
                (after, conflicts) = (some[^1].Account.AccountId, 0);
            else if (++conflicts >= MaxConflicts)
                throw new InvalidOperationException($"Others kept writing the accounts of {mark.Merchant} after {after}.");
        }

        return false;
    }

    private async Task RaiseFeedAsync(RestoredRow mark, CancellationToken cancellationToken)
    {
        for (var conflicts = 0; conflicts < MaxConflicts; conflicts++)
        {
            // Versions between are nobody's: machines see the gap and pull everything.
            var feed = await cards.FeedAsync(mark.Merchant, cancellationToken);
            if (feed.Current >= mark.Floor
                || await cards.TryWriteAsync(new CardTransaction().Write(feed with { Current = mark.Floor, Published = mark.Floor }, feed.Version), cancellationToken) is not null)
            {
                return;
            }
        }

        throw new InvalidOperationException($"Others kept writing the feed of {mark.Merchant}.");
    }

    /// <summary>
    /// Operations that were under way in the copy have lost their guards since. A closing that waits must not take what machines said of versions that came after the copy for
    /// an answer to its own.
    /// </summary>
    private async Task GuardOperationsAsync(RestoredRow mark, CancellationToken cancellationToken)
    {
        await foreach (var row in cards.UnfinishedAsync(mark.Merchant, cancellationToken))
        {
            await open.GuardOperationAsync(row.Merchant, row.Key, cancellationToken);
            if (row.KnownFrom < mark.Floor)
                await operations.TryUpdateAsync(row with { KnownFrom = null }, cancellationToken);
        }
    }
}

/// <summary>How far a merchant's cards were brought together.</summary>
/// <param name="MerchantId">Whose.</param>
/// <param name="Version">From which version on feed and accounts go on.</param>
/// <param name="Done">Nothing is left; otherwise the call is to be repeated under its key.</param>
/// <param name="Booked">So many entries of machines were booked again from the ledger by this call.</param>
internal sealed record RestoredView(MerchantId MerchantId, long Version, bool Done, int Booked);
