using CanteenPay.DeviceAgent.Cloud;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What this machine remembers about cards: shared by the till's side (<see cref="CardStore"/>) and the cloud's (<see cref="CardSync"/>).</summary>
internal sealed class CardTables
{
    private const string ContradictedFact = "card-contradicted";

    /// <summary>Some taps: a page or two of an eighth of the database that is left to payments.</summary>
    private const int RoomKnownFor = 32;

    private readonly OrderStore store;
    private readonly CardLimits limits;
    private volatile string? contradicted;
    private long roomUntil;

    public CardTables(OrderStore store, TillIdentity identity, MachineClock clock, TimeProvider time, CardLimits limits)
    {
        (Identity, this.store, this.limits) = (identity, store, limits);
        Database = store.Database;
        Journals = new(Database, identity.Device);
        Accounts = new(Database);
        Feed = new(Database);
        Clock = new(Database, clock, time);
        Settings = new(store, identity.Merchant);
        contradicted = store.Fact(ContradictedFact);
    }

    /// <summary>Whose machine this is.</summary>
    public TillIdentity Identity { get; }

    /// <summary>The database; its lock is the one of all tables.</summary>
    public AgentDatabase Database { get; }

    /// <summary>Journals and entries.</summary>
    public JournalTable Journals { get; }

    /// <summary>Accounts and card numbers.</summary>
    public AccountTable Accounts { get; }

    /// <summary>How far the feed is here.</summary>
    public FeedTable Feed { get; }

    /// <summary>Offline time and the time of taps.</summary>
    public OfflineClock Clock { get; }

    /// <summary>The merchant's rules.</summary>
    public CardSettings Settings { get; }

    /// <summary>
    /// The cloud's journal is another one than the current one, as far as this machine was told, now or in an earlier run. Numbers that the cloud says are inside of
    /// an account may be another journal's then, so that nobody knows what an account has left.
    /// </summary>
    public bool IsContradicted => contradicted is { } epoch && Journals.Current?.Epoch.Value == epoch;

    /// <summary>The store holds as much as it may.</summary>
    public bool IsFull => Journals.All.Sum(journal => journal.Unsent) >= limits.UnsentEntries || !TakesAccounts;

    /// <summary>There is room for accounts: what is left belongs to payments. Where there was some, it is looked at again after so many statements.</summary>
    public bool TakesAccounts
    {
        get
        {
            if (Database.Statements < roomUntil)
                return true;
            var room = UsedBytes() < limits.TapBytes;
            roomUntil = room ? Database.Statements + RoomKnownFor : 0;
            return room;
        }
    }

    /// <summary>
    /// Begins a journal: accounts are forgotten, because a journal approves nothing before its own first snapshot. In a transaction of the caller's.
    /// </summary>
    public void BeginJournal()
    {
        Journals.Begin(Identity.Merchant, Epoch.New(Identity.Draw));
        Accounts.Clear();
        Feed.Put(FeedPosition.None);
    }

    /// <summary>Remembers that the cloud contradicts a journal; null: none.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It could not be stored; in this run it is remembered all the same.</exception>
    public void Contradict(Epoch? journal)
    {
        if (contradicted == journal?.Value)
            return;
        contradicted = journal?.Value;
        store.SetFacts((ContradictedFact, contradicted ?? ""));
    }

    /// <summary>Begins a journal if there is none of this merchant.</summary>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">It could not be stored.</exception>
    public void EnsureJournal() => Database.Consistently(() =>
    {
        if (Journals.Current is { } current && current.Merchant == Identity.Merchant)
            return false;
        try
        {
            Database.InTransaction(BeginJournal);
        }
        finally
        {
            Journals.Reload();
        }

        return true;
    });

    private long UsedBytes() => Database.Query(
        "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count AS p, pragma_freelist_count AS f, pragma_page_size AS s",
        row => row.GetInt64(0)).Single();
}
