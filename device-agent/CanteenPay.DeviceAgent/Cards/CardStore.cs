using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The journal of taps and the accounts of all cards, in the machine's database.</summary>
internal sealed class CardStore
{
    /// <summary>Entries of one tap that are looked through for <see cref="Newest"/>: an account has no more lots with money in them.</summary>
    private const int PartsOfATap = 24;

    /// <summary>No till makes more taps within <see cref="TapRules.SameCard"/>.</summary>
    private const int MostRecent = 16;

    private readonly CardTables tables;
    private readonly MachineClock clock;
    private readonly DateTimeOffset openedAt;
    private readonly List<RecentTap> recent;
    private Tap? last;

    public CardStore(CardTables tables, MachineClock clock, FaultReport faults)
    {
        (this.tables, this.clock, openedAt) = (tables, clock, clock.Steady);
        try
        {
            tables.EnsureJournal();
        }
        catch (SqliteException e) when (!DatabaseDamage.Is(e))
        {
            // A start on a full disk must not fail for it: no card pays, and it is tried again.
            faults.Report(nameof(CardStore), e);
        }

        var newest = Newest(MostRecent);
        last = newest.Count > 0 ? newest[0] : null;
        recent = [.. newest.Reverse().Where(tap => tap.Kind != EntryKind.Reversal && !newest.Any(other => other.Reverses == tap.Id)).Select(tap => new RecentTap(tap, null))];
    }

    /// <summary>A tap was stored: there is something to send.</summary>
    public event EventHandler? Appended;

    /// <summary>The merchant's rules as far as they came; null: none.</summary>
    public CardRules? Rules => tables.Settings.Rules;

    /// <summary>The corrected time, never behind what was stored last: the time of taps.</summary>
    public DateTimeOffset Now => tables.Clock.Now;

    /// <summary>What the machine knows about a card and about itself, for <see cref="TapRules.Decide"/>.</summary>
    public CardSituation Look(CardNo card) => tables.Database.Consistently(() =>
    {
        // A number may point to an account that has given the card away.
        var account = tables.Accounts.Find(card) is { } found && found.Cards.Any(known => known.No == card) ? found : null;
        var (view, unbooked) = account is null ? (null, Fen.Zero) : Reckon(account);
        var before = recent.FindLast(known => known.Tap.CardNo == card);
        var stop = Stop() ?? (account is not null && IsAhead(account) ? TapRefusal.NotSynced : null);
        return new CardSituation(Rules, view, unbooked, before?.Tap, stop) { SinceLast = before is null ? null : Since(before) };
    });

    /// <summary>Stores a tap or a reversal: one transaction, on the disk when this returns.</summary>
    /// <exception cref="SqliteException">It could not be stored: nothing of it was, and nothing may be approved.</exception>
    /// <exception cref="TapOvertakenException">What the tap was decided by is no longer so: it is to be decided anew.</exception>
    public void Append(Tap tap)
    {
        tables.Database.Consistently(() =>
        {
            if (tables.Journals.Current is not { } journal || !tables.Feed.Get().Synced || tables.IsContradicted)
                throw new TapOvertakenException("the journal takes none now");
            if (tap.DecidedBy is { } version && tables.Accounts.Version(tap.AccountId) != version)
                throw new TapOvertakenException($"account {tap.AccountId} has changed");
            try
            {
                journal = Store(journal, tap);
            }
            catch
            {
                tables.Journals.Reload();
                throw;
            }

            tables.Clock.Committed();
            tables.Journals.Appended(journal);
            last = tap;
            recent.RemoveAll(known => known.Tap.Id == tap.Reverses || Since(known) >= TapRules.SameCard);
            if (tap.Kind != EntryKind.Reversal)
                recent.Add(new(tap, clock.Steady));
            return journal;
        });
        Appended?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>This machine's newest tap or reversal; null when there is none.</summary>
    public Tap? Last() => last;

    /// <summary>The account of a tap as this machine reckons with it.</summary>
    public CardAccount? View(AccountId account) =>
        tables.Database.Consistently(() => tables.Accounts.Get(account) is { } known ? Reckon(known).View : null);

    /// <summary>This machine's newest taps and reversals, newest first.</summary>
    public IReadOnlyList<Tap> Newest(int count) => tables.Database.Consistently(() =>
    {
        var parts = TapEntries.Group(tables.Journals.Newest(tables.Identity.Merchant, count * PartsOfATap)).Take(count).ToList();
        var views = parts.Select(entries => entries[0].AccountId).Distinct().ToDictionary(id => id, View);
        return (IReadOnlyList<Tap>)[.. parts.Select(entries => TapEntries.Tap(entries, views[entries[0].AccountId], Now))];
    });

    /// <summary>What the till's status line says about cards.</summary>
    public CardStanding Standing() => tables.Database.Consistently(() => new CardStanding(
        Stop(),
        CardReport.CountUnsent(tables),
        CardReport.FindOldestUnsent(tables),
        tables.Settings.Rules is null || tables.Feed.Get() is { Synced: true } ? null : Percent(tables.Feed.Get().Pull)));

    /// <summary>One statement is a transaction by itself: all of it or nothing, and on the disk when it returns.</summary>
    private Journal Store(Journal journal, Tap tap)
    {
        if (tap.Parts.Count == 1 && tables.Clock.IsKeptBy(tap.At))
            return tables.Journals.Append(journal, TapEntries.Of(tap));
        tables.Database.InTransaction(() =>
        {
            journal = tables.Journals.Append(journal, TapEntries.Of(tap));
            tables.Clock.KeepWith(tap.At);
        });
        return journal;
    }

    /// <summary>Counters, and entries, of a day that is further ahead than tomorrow come from a clock that was wrong: what is spent today is counted without them.</summary>
    private (CardAccount View, Fen Unbooked) Reckon(CardAccount account)
    {
        var tomorrow = BusinessDay.Of(Now).AddDays(1);
        var (view, unbooked) = (account.Counters?.Day > tomorrow ? account with { Counters = null } : account, Fen.Zero);
        foreach (var journal in tables.Journals.All)
        {
            if (journal.Merchant != tables.Identity.Merchant)
                continue;
            var key = CardAccount.JournalKey(tables.Identity.Device, journal.Epoch);
            var own = tables.Journals.OfAccount(journal, account.AccountId, account.Applied.GetValueOrDefault(key));
            if (own.Count == 0)
                continue;
            foreach (var entry in own)
            {
                var after = AccountView.Apply(view, entry);
                view = entry.PostingDay > tomorrow ? after with { Counters = view.Counters } : after;
            }

            unbooked = own.Aggregate(unbooked, (sum, entry) => sum - entry.Change);
        }

        return (view, unbooked);
    }

    private TapRefusal? Stop() => tables switch
    {
        { Settings.Rules: null } => TapRefusal.NotOffered,
        { Journals.Current: null } => TapRefusal.StoreFull,
        _ when !tables.Feed.Get().Synced || tables.IsContradicted => TapRefusal.NotSynced,
        { Clock.WasLearnt: false } => TapRefusal.ClockUnknown,
        { Settings.Rules: { } rules, Clock: var offline } when offline.Unheard > TimeSpan.FromMinutes(rules.Unbooked.OfflineMinutes) => TapRefusal.OfflineTooLong,
        { IsFull: true } => TapRefusal.StoreFull,
        _ => null,
    };

    /// <summary>
    /// The cloud counts entries into this account that this machine never made in its journal: the disk was restored from an older image, and taps that are made now
    /// would be taken for those.
    /// </summary>
    private bool IsAhead(CardAccount account) =>
        tables.Journals.Current is { } journal && account.Applied.GetValueOrDefault(CardAccount.JournalKey(tables.Identity.Device, journal.Epoch)) > journal.Last;

    /// <summary>How long ago a tap was. One of the last run is at least as old as this one, whatever was done to the clocks.</summary>
    private TimeSpan Since(RecentTap known) => known.StoredAt is { } storedAt ? clock.Steady - storedAt : Longer(Now - known.Tap.At, clock.Steady - openedAt);

    /// <summary>Accounts come in the order of their random ids: the last one tells how far that is.</summary>
    private static int Percent(PullPosition? pull) => pull is null ? 0 : 100 * Crockford.IndexOf(pull.After.Value[0]) / Crockford.Count;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <summary>A tap that may lie on the reader still.</summary>
    /// <param name="Tap">The tap.</param>
    /// <param name="StoredAt">When, by the steady clock; null when that was in the last run.</param>
    private sealed record RecentTap(Tap Tap, DateTimeOffset? StoredAt);
}

/// <summary>A tap was decided by what is no longer so, because the cloud said something else in between. Nothing of it was stored.</summary>
internal sealed class TapOvertakenException(string why) : InvalidOperationException($"The tap must be decided anew: {why}.");

/// <summary>How cards stand on this machine.</summary>
/// <param name="Stop">Why no card pays here now; null when they do.</param>
/// <param name="Unsent">Entries that the cloud has not acknowledged.</param>
/// <param name="OldestUnsent">When the oldest of them was made, by the corrected clock; null when there is none.</param>
/// <param name="SyncedPercent">While the first snapshot comes, how much of it is here, 0 to 100; null when it is complete.</param>
internal sealed record CardStanding(TapRefusal? Stop, int Unsent, DateTimeOffset? OldestUnsent, int? SyncedPercent);
