using System.Text.Json;
using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>The journals and their entries. What the journals' ends are is kept in memory; <see cref="Reload"/> after a transaction that changed more than that.</summary>
internal sealed class JournalTable(AgentDatabase database, DeviceId device)
{
    private const string EntryColumns = "entry, hash";
    private const string InsertEntry =
        "INSERT INTO card_entries (journal, seq, account, at, entry, hash, previous) VALUES ($journal, $seq, $account, $at, $entry, $hash, $previous)";

    private readonly Dictionary<long, NewestEntries> newest = [];
    private List<Journal>? all;
    private bool isUncertain;

    /// <summary>All journals, the newest first.</summary>
    public IReadOnlyList<Journal> All => all ??= Load();

    /// <summary>The one that takes entries; null before it could be made.</summary>
    public Journal? Current => All.FirstOrDefault(journal => journal.Stage == JournalStage.Current);

    /// <summary>Reads the ends of all journals again: after a transaction that changed them, whether it succeeded or not.</summary>
    public void Reload()
    {
        all = null;
        if (isUncertain)
            newest.Clear();
        isUncertain = false;
    }

    /// <summary>The journal of a message; null when this machine has none such.</summary>
    public Journal? Of(MerchantId merchant, Epoch epoch) => All.FirstOrDefault(journal => journal.Epoch == epoch && journal.Merchant == merchant);

    /// <summary>Begins a journal; the one before takes no more entries.</summary>
    public void Begin(MerchantId merchant, Epoch epoch)
    {
        database.Run("UPDATE card_journals SET stage = $old WHERE stage = $current", ("$old", nameof(JournalStage.Old)), ("$current", nameof(JournalStage.Current)));
        Insert(merchant, epoch, JournalStage.Current, acked: 0, torn: false);
    }

    /// <summary>Begins a journal for what is booked again of another one, of a merchant that this machine may have left. It takes no taps.</summary>
    public Journal BeginBeside(MerchantId merchant, Epoch epoch)
    {
        Insert(merchant, epoch, JournalStage.Old, acked: 0, torn: false);
        Reload();
        return All[0];
    }

    /// <summary>Adds what was saved of a journal: it takes no more entries.</summary>
    public void TakeOver(RescuedJournal rescued)
    {
        Insert(rescued.Merchant, rescued.Epoch, JournalStage.Old, rescued.Acked, rescued.Torn);
        Reload();
        var journal = All[0];
        if (rescued is { Kept: { } kept, Told: { } told })
            Finish(journal, kept, told);
        foreach (var stored in rescued.Entries)
            Insert(journal, stored.Entry, stored.Hash);
        Reload();
    }

    /// <summary>Adds entries at a journal's end, numbered on; the journal as it is then. Then <see cref="Appended"/>, or <see cref="Reload"/>.</summary>
    public Journal Append(Journal journal, IEnumerable<CardEntry> entries)
    {
        var (last, hash) = (journal.Last, journal.LastHash);
        foreach (var entry in entries)
        {
            var numbered = entry with { Seq = ++last };
            hash = hash.Then(numbered);
            Insert(journal, numbered, hash);
        }

        return journal with { Last = last, LastHash = hash };
    }

    /// <summary>Puts a journal's new end into memory once its transaction is on the disk.</summary>
    public void Appended(Journal journal)
    {
        all![all.FindIndex(known => known.Id == journal.Id)] = journal;
        isUncertain = false;
    }

    /// <summary>The cloud has booked a journal so far.</summary>
    public void Acknowledge(Journal journal, long through)
    {
        database.Run("UPDATE card_journals SET acked = $through WHERE id = $id AND acked < $through", ("$through", through), ("$id", journal.Id));
        Reload();
    }

    /// <summary>The cloud holds these entries as equal, although its cursor contradicts the journal.</summary>
    public void AcknowledgeHeld(Journal journal, long through)
    {
        database.Run("UPDATE card_journals SET acked = $through, held = $through WHERE id = $id", ("$through", through), ("$id", journal.Id));
        Reload();
    }

    /// <summary>Nothing more of a journal is sent.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="kept">Its last entry that the cloud holds as equal.</param>
    /// <param name="told">The cloud's cursor.</param>
    public void Finish(Journal journal, long kept, long told) => database.Run(
        "UPDATE card_journals SET stage = $stage, kept = $kept, told = $told WHERE id = $id",
        ("$stage", nameof(JournalStage.Finished)),
        ("$kept", kept),
        ("$told", told),
        ("$id", journal.Id));

    /// <summary>The hash after an entry; null for one that is not here (any more).</summary>
    public EntryHash? HashAt(Journal journal, long seq)
    {
        if (seq == 0)
            return EntryHash.Genesis(journal.Merchant, device, journal.Epoch);
        if (seq == journal.Last)
            return journal.LastHash;
        return database.Query("SELECT hash FROM card_entries WHERE journal = $id AND seq = $seq", row => row.GetString(0), ("$id", journal.Id), ("$seq", seq)) is [var hash]
            ? EntryHash.Parse(hash)
            : null;
    }

    /// <summary>A journal's entries from a number on, at most so many.</summary>
    public IReadOnlyList<StoredEntry> Read(Journal journal, long from, int count) => database.Query(
        $"SELECT {EntryColumns} FROM card_entries WHERE journal = $id AND seq >= $from ORDER BY seq LIMIT $count",
        ReadEntry,
        ("$id", journal.Id),
        ("$from", from),
        ("$count", count));

    /// <summary>What a journal holds of an account beyond a number, as far as it was not booked again elsewhere; oldest first.</summary>
    /// <exception cref="DatabaseDamagedException">The account's entries do not hang together.</exception>
    public IReadOnlyList<CardEntry> OfAccount(Journal journal, AccountId account, long beyond)
    {
        var kept = journal.Kept ?? journal.Last;
        if (beyond >= kept)
            return [];
        List<CardEntry> own = [];
        // One that was forgotten was inside of the account for long, and so were those before it.
        for (var seq = NewestOf(journal).Of(account); seq > beyond && Link(journal, seq) is var (entry, previous);)
        {
            if (entry.AccountId != account || previous >= seq)
                throw new DatabaseDamagedException($"entry {seq} of journal {journal.Epoch} does not belong to account {account}");
            if (seq <= kept)
                own.Add(entry);
            seq = previous;
        }

        own.Reverse();
        return own;
    }

    /// <summary>The newest entries of a merchant's journals, newest first and the current journal's before all others, without those that were booked again elsewhere.</summary>
    public IReadOnlyList<CardEntry> Newest(MerchantId merchant, int count) => database.Query(
        """
        SELECT e.entry, e.hash FROM card_entries AS e JOIN card_journals AS j ON j.id = e.journal
        WHERE j.merchant = $merchant AND (j.kept IS NULL OR e.seq <= j.kept) ORDER BY j.stage = $current DESC, e.journal DESC, e.seq DESC LIMIT $count
        """,
        row => ReadEntry(row).Entry,
        ("$merchant", merchant.Value),
        ("$current", nameof(JournalStage.Current)),
        ("$count", count));

    /// <summary>A journal's acknowledged entries from before a time, oldest first, at most so many; never its last acknowledged one, which the next hash builds on.</summary>
    public IReadOnlyList<CardEntry> AckedBefore(Journal journal, DateTimeOffset time, int count) => database.Query(
        "SELECT entry, hash FROM card_entries WHERE journal = $id AND seq < $acked AND at < $time ORDER BY seq LIMIT $count",
        row => ReadEntry(row).Entry,
        ("$id", journal.Id),
        ("$acked", journal.Kept ?? journal.Acked),
        ("$time", time.ToUnixTimeMilliseconds()),
        ("$count", count));

    /// <summary>Forgets an entry.</summary>
    public void Forget(Journal journal, long seq) =>
        database.Run("DELETE FROM card_entries WHERE journal = $id AND seq = $seq", ("$id", journal.Id), ("$seq", seq));

    /// <summary>An entry, from its columns <c>entry</c> and <c>hash</c>.</summary>
    /// <exception cref="DatabaseDamagedException">The row holds what no agent ever wrote.</exception>
    internal static StoredEntry ReadEntry(Statement row)
    {
        try
        {
            var text = row.GetUtf8(0);
            var entry = JsonSerializer.Deserialize(text, CardJson.Default.CardEntry) ?? throw new JsonException("null");
            return new(entry, EntryHash.Parse(row.GetString(1)), text.Length);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidCastException or InvalidOperationException)
        {
            throw new DatabaseDamagedException("an entry of a tap cannot be read: " + e.Message, e);
        }
    }

    private void Insert(MerchantId merchant, Epoch epoch, JournalStage stage, long acked, bool torn) => database.Run(
        "INSERT INTO card_journals (merchant, epoch, stage, acked, held, torn) VALUES ($merchant, $epoch, $stage, $acked, 0, $torn)",
        ("$merchant", merchant.Value),
        ("$epoch", epoch.Value),
        ("$stage", stage.ToString()),
        ("$acked", acked),
        ("$torn", torn));

    private void Insert(Journal journal, CardEntry entry, EntryHash hash)
    {
        var entries = NewestOf(journal);
        database.Run(
            InsertEntry,
            ("$journal", journal.Id),
            ("$seq", entry.Seq),
            ("$account", entry.AccountId.Value),
            ("$at", entry.At.ToUnixTimeMilliseconds()),
            ("$entry", EntryText.Of(entry)),
            ("$hash", hash.Value),
            ("$previous", entries.Of(entry.AccountId)));
        // Until it is said to have been committed, it may be taken back.
        isUncertain = true;
        entries.Note(entry.AccountId, entry.Seq);
    }

    private (CardEntry Entry, long Previous)? Link(Journal journal, long seq) => database.Query(
        $"SELECT {EntryColumns}, previous FROM card_entries WHERE journal = $id AND seq = $seq",
        row => (ReadEntry(row).Entry, row.GetInt64(2)),
        ("$id", journal.Id),
        ("$seq", seq)) is [var link] ? link : null;

    private NewestEntries NewestOf(Journal journal)
    {
        if (newest.TryGetValue(journal.Id, out var known))
            return known;
        NewestEntries entries = new();
        foreach (var (account, seq) in database.Query(
            "SELECT account, max(seq) FROM card_entries WHERE journal = $id GROUP BY account",
            row => (row.GetString(0), row.GetInt64(1)),
            ("$id", journal.Id)))
        {
            entries.Note(AccountId.TryParse(account, null, out var id) ? id : throw new DatabaseDamagedException($"'{account}' is not an account's id"), seq);
        }

        return newest[journal.Id] = entries;
    }

    private List<Journal> Load() => database.Query(
        """
        SELECT j.id, j.merchant, j.epoch, j.stage, j.acked, j.held, j.kept, j.told, j.torn, e.seq, e.hash
        FROM card_journals AS j LEFT JOIN card_entries AS e
          ON e.journal = j.id AND e.seq = (SELECT max(seq) FROM card_entries WHERE journal = j.id)
        ORDER BY j.id DESC
        """,
        ReadJournal);

    private Journal ReadJournal(Statement row)
    {
        try
        {
            var (merchant, epoch) = (MerchantId.Parse(row.GetString(1)), Epoch.Parse(row.GetString(2)));
            var (last, hash) = row.IsDBNull(9) ? (0, EntryHash.Genesis(merchant, device, epoch)) : (row.GetInt64(9), EntryHash.Parse(row.GetString(10)));
            return new(row.GetInt64(0), merchant, epoch, Enum.Parse<JournalStage>(row.GetString(3)), last, hash, row.GetInt64(4))
            {
                Held = row.GetInt64(5),
                Kept = row.IsDBNull(6) ? null : row.GetInt64(6),
                Told = row.IsDBNull(7) ? null : row.GetInt64(7),
                Torn = row.GetBoolean(8),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidCastException or InvalidOperationException)
        {
            throw new DatabaseDamagedException("a journal of taps cannot be read: " + e.Message, e);
        }
    }
}
