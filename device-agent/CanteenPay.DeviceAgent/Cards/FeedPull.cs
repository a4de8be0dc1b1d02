using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// Gets the accounts: page by page what is lacking, and meanwhile and afterwards what the cloud tells all machines. An account is taken by its own version, so that
/// the order does not matter. Its callers hold the database's lock.
/// </summary>
internal sealed class FeedPull(CardTables tables, ResendSchedule backoff, MachineClock clock)
{
    /// <summary>A page that does not come after so many questions: the pull begins anew.</summary>
    private const int MostQuestions = 8;

    private long wanted;
    private int asked;
    private DateTimeOffset dueAt = DateTimeOffset.MinValue;

    private bool IsNeeded => tables is { Settings.Rules: not null, Journals.Current: not null } && tables.Feed.Get() is var position
        && (!position.Synced || position.Pull is not null || position.Version < wanted);

    /// <summary>Asks again, soon.</summary>
    public void Restart() => (asked, dueAt) = (0, DateTimeOffset.MinValue);

    /// <summary>The question that is due, counted as sent; null when none is.</summary>
    public CardsPull? Due()
    {
        var now = clock.Steady;
        if (!IsNeeded || dueAt > now)
            return null;
        var position = tables.Feed.Get();
        if (position.Pull is not null && asked >= MostQuestions)
        {
            position = position with { Pull = null };
            tables.Feed.Put(position);
            asked = 0;
        }

        dueAt = now + backoff.Backoff(asked++);
        return new()
        {
            MerchantId = tables.Identity.Merchant,
            Epoch = tables.Journals.Current!.Epoch,
            HaveVersion = position.Pull?.From ?? Have(position),
            AfterAccountId = position.Pull?.After,
            AtVersion = position.Pull?.At,
        };
    }

    /// <summary>When the next question is due by the steady clock; null when none is.</summary>
    public DateTimeOffset? Next() => IsNeeded ? dueAt : null;

    /// <summary>The cloud has said which version is the newest.</summary>
    public void Told(long version)
    {
        if (version <= wanted)
            return;
        wanted = version;
        Restart();
    }

    /// <summary>Takes a page; false for one that was not asked for.</summary>
    public bool Take(CardsPart part)
    {
        var position = tables.Feed.Get();
        if (part.MerchantId != tables.Identity.Merchant || !IsNeeded || !IsNext(part, position) || (part.More && part.Accounts.Count == 0))
            return false;
        tables.Database.InTransaction(() =>
        {
            Put(part.Accounts);
            tables.Feed.Put(part.More
                ? position with { Pull = new(part.FromVersion, part.Version, part.Accounts[^1].AccountId) }
                : new(Math.Max(position.Version, part.Version), Synced: true, Pull: null));
        });
        // What brought nothing new is asked for later and later: a machine that was moved a moment ago may be told the version of its other merchant.
        if (part.More || !position.Synced || part.Version > position.Version)
            Restart();
        return true;
    }

    /// <summary>Takes what changed; false where it is not this machine's business.</summary>
    public bool Take(CardsChanged changed)
    {
        if (changed.MerchantId != tables.Identity.Merchant || tables is not { Settings.Rules: not null, Journals.Current: not null })
            return false;
        var position = tables.Feed.Get();
        tables.Database.InTransaction(() =>
        {
            Put(changed.Accounts);
            if (position.Synced && changed.FromVersion <= position.Version && changed.ToVersion > position.Version)
                tables.Feed.Put(position with { Version = changed.ToVersion });
        });
        Told(changed.ToVersion);
        return true;
    }

    private static long Have(FeedPosition position) => position.Synced ? position.Version : 0;

    private static bool IsNext(CardsPart part, FeedPosition position) => part.AfterAccountId == position.Pull?.After && (position.Pull is { } pull
        ? (part.FromVersion, part.Version) == (pull.From, pull.At)
        : part.FromVersion == (part.Delta ? Have(position) : 0) && (!part.Delta || position.Synced));

    private void Put(IReadOnlyList<CardAccount> accounts)
    {
        foreach (var account in accounts)
            tables.Accounts.Put(account);
    }
}
