using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>
/// Advances a merchant's feed: one transaction makes versions of what changed, and only then they are published. Whatever a kill left is done by the next who
/// comes: changes that were not taken up, and versions that were not published.
/// </summary>
internal sealed class FeedAdvance(CardStore cards, LedgerStore ledger, FeedWake wake, MachineLink machines, TimeProvider clock, Random chance, ILogger<FeedAdvance> logger)
{
    private const int MostPasses = 20;
    private const int MostChanges = 90;
    private const int MostAccounts = 1000;
    private const int MostPublishedAgain = 100;
    private const int OldVersionsAtOnce = 99;

    /// <summary>Old versions are cleared away each time so many new ones were made.</summary>
    private const long ClearEach = 64;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    /// <summary>Pulls go back for seven days; a day more, so that none that has begun loses its versions.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(8);

    /// <summary>Takes up all changes that there are; what is left after many passes is left to the next call, which is sent for.</summary>
    public async Task AdvanceAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        for (var pass = 1; pass <= MostPasses; pass++)
        {
            var feed = await cards.FeedAsync(merchant, cancellationToken);
            if (feed.Published < feed.Current)
            {
                await PublishLeftAsync(feed, cancellationToken);
                continue;
            }

            var changes = await cards.ChangesAsync(merchant, MostChanges, cancellationToken).Take(MostChanges).ToListAsync(cancellationToken);
            if (changes.Count == 0)
                return;
            if (!await TakeUpAsync(feed, changes, cancellationToken))
                await Task.Delay(FirstWait * (pass * (0.5 + chance.NextDouble())), clock, cancellationToken);
        }

        await wake.WakeAsync(merchant, cancellationToken);
    }

    /// <summary>False when somebody else advanced the feed meanwhile.</summary>
    private async Task<bool> TakeUpAsync(FeedRow feed, IReadOnlyList<ChangeRow> changes, CancellationToken cancellationToken)
    {
        var some = WithFewAccounts(changes);
        var found = await cards.AccountsAsync(feed.Merchant, some.SelectMany(change => change.Accounts), cancellationToken);
        var (taken, versions) = Fitting(some, found.ToDictionary(row => row.Key, row => SizedAccount.Of(row.Value.Account)));
        await WriteMovedAsync(taken, cancellationToken);
        var next = feed with { Current = feed.Current + versions.Count };
        if (await TryWriteAsync(feed, next, versions, taken, cancellationToken) is not { } written)
            return false;
        CardLog.FeedAdvanced(logger, feed.Merchant.Value, next.Current, versions.Sum(accounts => accounts.Count), taken.Count);
        for (var index = 0; index < versions.Count; index++)
            await PublishAsync(feed.Merchant, feed.Current + index + 1, versions[index], cancellationToken);
        await NotePublishedAsync(written, next.Current, cancellationToken);
        if (feed.Current / ClearEach != next.Current / ClearEach)
            await ClearAsync(next, cancellationToken);
        return true;
    }

    private static List<ChangeRow> WithFewAccounts(IReadOnlyList<ChangeRow> changes)
    {
        var named = 0;
        return [.. changes.TakeWhile((change, index) => (named += change.Accounts.Count) <= MostAccounts || index == 0)];
    }

    /// <summary>As many changes as fit one transaction, and their accounts cut into versions. One alone always fits: it names no more accounts than its own did.</summary>
    private static (IReadOnlyList<ChangeRow> Taken, IReadOnlyList<IReadOnlyList<SizedAccount>> Versions) Fitting(
        IReadOnlyList<ChangeRow> changes, Dictionary<AccountId, SizedAccount> sizes)
    {
        var accounts = new List<SizedAccount>();
        var named = new HashSet<AccountId>();
        var taken = new List<ChangeRow>();
        IReadOnlyList<IReadOnlyList<SizedAccount>> versions = [];
        foreach (var change in changes)
        {
            accounts.AddRange(change.Accounts.Where(named.Add).Where(sizes.ContainsKey).Select(account => sizes[account]));
            var cut = AccountPages.Cut(accounts, AccountPages.MaxVersionBytes);
            if (taken.Count > 0 && cut.Count + taken.Count + 2 > CardTransaction.MaxRows)
                break;
            versions = cut;
            taken.Add(change);
        }

        return (taken, versions);
    }

    /// <summary>The ledger's rows of automatic entries, before the mark that they are missing is deleted.</summary>
    private async Task WriteMovedAsync(IReadOnlyList<ChangeRow> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Where(change => change.Moved is not null))
        {
            var moved = await cards.FindAsync<MovedRow>(change.Merchant, CardKeys.Moved(change.Moved!, chunk: 0), cancellationToken)
                ?? throw new InvalidOperationException($"What operation {change.Moved} moved is gone: it is never deleted.");
            await ledger.WriteAsync(moved, cancellationToken);
        }
    }

    private async Task<FeedRow?> TryWriteAsync(
        FeedRow feed, FeedRow next, IReadOnlyList<IReadOnlyList<SizedAccount>> versions, IReadOnlyList<ChangeRow> taken, CancellationToken cancellationToken)
    {
        var (now, version) = (clock.GetUtcNow(), feed.Current);
        var transaction = new CardTransaction().Write(next, feed.Version);
        foreach (var accounts in versions)
            transaction.Insert(new LogRow(feed.Merchant, ++version, now, [.. accounts.Select(account => account.Account.AccountId)]));
        foreach (var change in taken)
            transaction.Delete(feed.Merchant, CardKeys.Change(change.Key));
        return await cards.TryWriteAsync(transaction, cancellationToken) is { } written ? next with { Version = written[0] } : null;
    }

    /// <summary>Versions that were made and, for all that is known, not published.</summary>
    private async Task PublishLeftAsync(FeedRow feed, CancellationToken cancellationToken)
    {
        var last = Math.Min(feed.Current, feed.Published + MostPublishedAgain);
        await foreach (var log in cards.LogsAsync(feed.Merchant, feed.Published + 1, last, cancellationToken))
        {
            var accounts = await cards.AccountsAsync(feed.Merchant, log.Accounts, cancellationToken);
            await PublishAsync(feed.Merchant, log.Version, [.. accounts.Values.Select(row => SizedAccount.Of(row.Account))], cancellationToken);
        }

        await NotePublishedAsync(feed, last, cancellationToken);
    }

    private async Task PublishAsync(MerchantId merchant, long version, IReadOnlyList<SizedAccount> accounts, CancellationToken cancellationToken)
    {
        if (accounts.Sum(account => account.Bytes) > AccountPages.MaxBytes)
        {
            // A gap: machines pull it.
            CardLog.VersionTooLarge(logger, merchant.Value, version);
            return;
        }

        var changes = new CardsChanged
        {
            MerchantId = merchant,
            FromVersion = version - 1,
            ToVersion = version,
            Accounts = [.. accounts.Select(account => account.Account)],
        };
        await machines.SendChangesAsync(changes, cancellationToken);
    }

    /// <summary>Where somebody else has advanced the feed meanwhile, it is published twice.</summary>
    private async Task NotePublishedAsync(FeedRow feed, long version, CancellationToken cancellationToken) =>
        await cards.TryWriteAsync(new CardTransaction().Write(feed with { Published = version }, feed.Version), cancellationToken);

    private async Task ClearAsync(FeedRow feed, CancellationToken cancellationToken)
    {
        var keptSince = clock.GetUtcNow() - KeptFor;
        var old = await cards.LogsAsync(feed.Merchant, FeedRow.First, feed.Published, cancellationToken)
            .Take(OldVersionsAtOnce).TakeWhile(log => log.At < keptSince).ToListAsync(cancellationToken);
        if (old.Count == 0)
            return;
        var transaction = new CardTransaction();
        foreach (var log in old)
            transaction.Delete(feed.Merchant, CardKeys.Log(log.Version));
        await cards.TryWriteAsync(transaction, cancellationToken);
    }
}
