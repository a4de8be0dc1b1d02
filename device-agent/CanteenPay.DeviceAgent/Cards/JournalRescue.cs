using CanteenPay.DeviceAgent.Store;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>
/// What can be saved of the journals of a damaged database: of each, what the cloud has not acknowledged, as far as it follows on without a hole and its hashes are
/// right. It goes on under its own epoch and numbers, so that the cloud books nothing twice.
/// </summary>
internal static class JournalRescue
{
    /// <summary>Most journals that are taken over, the newest: a machine has hardly more than two.</summary>
    private const int MaxJournals = 100;

    /// <summary>Looks at the journals of a database: at what was not acknowledged. What was may have been forgotten in part.</summary>
    /// <exception cref="DatabaseDamagedException">An entry is missing, or is not the one that was stored.</exception>
    public static void Check(AgentDatabase database, DeviceId device)
    {
        var journals = new JournalTable(database, device);
        foreach (var journal in journals.All.Where(journal => journal.Stage != JournalStage.Finished && journal.Last > 0))
        {
            var (seq, hash) = (journal.Acked, journals.HashAt(journal, journal.Acked) ?? throw Missing(journal, journal.Acked));
            while (seq < journal.Last)
            {
                foreach (var stored in journals.Read(journal, seq + 1, CardEntries.MaxEntries) is { Count: > 0 } some ? some : throw Missing(journal, seq + 1))
                {
                    hash = hash.Then(stored.Entry);
                    if (stored.Entry.Seq != ++seq || stored.Hash != hash)
                        throw Missing(journal, seq);
                }
            }
        }
    }

    /// <summary>Reads what can be saved.</summary>
    /// <param name="connection">A copy of the damaged database.</param>
    /// <param name="device">This machine.</param>
    public static RescuedJournals Read(SqliteConnection connection, DeviceId device)
    {
        List<RescuedJournal> found = [];
        HashSet<long> seen = [];
        foreach (var way in (string[])["DESC", "ASC"])
        {
            Try(connection, $"SELECT id, merchant, epoch, stage, acked, kept, told, torn FROM card_journals ORDER BY id {way} LIMIT {MaxJournals}", row =>
            {
                if (!seen.Contains(row.GetInt64(0)) && MerchantId.TryParse(row.GetString(1), null, out var merchant) && Epoch.TryParse(row.GetString(2), null, out var epoch))
                {
                    found.Add(new(row.GetInt64(0), merchant, epoch, row.GetInt64(4))
                    {
                        Kept = row.IsDBNull(5) ? null : row.GetInt64(5),
                        Told = row.IsDBNull(6) ? null : row.GetInt64(6),
                        Torn = row.GetBoolean(7),
                    });
                    seen.Add(row.GetInt64(0));
                }

                return true;
            });
        }

        var orphans = 0L;
        var known = seen.Count == 0 ? "0" : string.Join(',', seen);
        Try(connection, $"SELECT count(*) FROM card_entries WHERE journal NOT IN ({known})", row => (orphans = row.GetInt64(0)) >= 0);
        return new([.. found.OrderBy(journal => journal.Id).Select(journal => journal.Told is null ? Filled(connection, device, journal) : journal)], orphans);
    }

    private static RescuedJournal Filled(SqliteConnection connection, DeviceId device, RescuedJournal journal)
    {
        List<StoredEntry> entries = [];
        EntryHash? hash = journal.Acked == 0 ? EntryHash.Genesis(journal.Merchant, device, journal.Epoch) : null;
        var next = Math.Max(1, journal.Acked);
        var whole = Try(connection, $"SELECT entry, hash FROM card_entries WHERE journal = {journal.Id} AND seq >= {next} ORDER BY seq", row =>
        {
            var stored = JournalTable.ReadEntry(row);
            // The entry that was acknowledged last is the one that the next is hashed on.
            if (stored.Entry.Seq != next || (hash is { } before && before.Then(stored.Entry) != stored.Hash))
                return false;
            entries.Add(stored);
            hash = stored.Hash;
            next++;
            return true;
        });
        var last = entries is [.., var newest] ? newest.Entry.Seq : journal.Acked;
        Try(connection, $"SELECT seq FROM card_entries WHERE journal = {journal.Id} ORDER BY seq DESC LIMIT 1", row => (last = Math.Max(last, row.GetInt64(0))) > 0);
        var lost = last - (entries is [.., var end] ? end.Entry.Seq : journal.Acked);
        return journal with { Entries = entries, Lost = lost, Torn = journal.Torn || !whole || lost > 0 };
    }

    /// <summary>Reads rows until one is refused; whether all could be read and none was.</summary>
    private static bool Try(SqliteConnection connection, string sql, Func<Statement, bool> take)
    {
        try
        {
            using var row = new Statement(connection, sql);
            while (row.Step())
            {
                if (!take(row))
                    return false;
            }

            return true;
        }
        catch (Exception e) when (e is SqliteException or DatabaseDamagedException or InvalidOperationException or InvalidCastException)
        {
            return false;
        }
    }

    private static DatabaseDamagedException Missing(Journal journal, long seq) => new($"entry {seq} of journal {journal.Epoch} is missing or was changed");
}

/// <summary>What could be saved of the journals.</summary>
/// <param name="Journals">By age.</param>
/// <param name="Orphans">Entries of which nobody knows any more whose they are.</param>
internal sealed record RescuedJournals(IReadOnlyList<RescuedJournal> Journals, long Orphans)
{
    /// <summary>Entries that are sent on.</summary>
    public long Unsent => Journals.Sum(journal => journal.Entries.LongCount(stored => stored.Entry.Seq > journal.Acked));

    /// <summary>Entries that may never have been sent and are lost, as far as they are known to have been.</summary>
    public long Lost => Orphans + Journals.Sum(journal => journal.Lost);
}

/// <summary>What could be saved of a journal.</summary>
/// <param name="Id">In the damaged database.</param>
/// <param name="Merchant">Whose.</param>
/// <param name="Epoch">Its name.</param>
/// <param name="Acked">Its last entry that the cloud has acknowledged.</param>
internal sealed record RescuedJournal(long Id, MerchantId Merchant, Epoch Epoch, long Acked)
{
    /// <summary>Of a finished one: <see cref="Journal.Kept"/>.</summary>
    public long? Kept { get; init; }

    /// <summary>Of a finished one: <see cref="Journal.Told"/>.</summary>
    public long? Told { get; init; }

    /// <summary>Later entries may have been lost.</summary>
    public bool Torn { get; init; }

    /// <summary>From the acknowledged one on.</summary>
    public IReadOnlyList<StoredEntry> Entries { get; init; } = [];

    /// <summary>The next entry can be hashed on what was read.</summary>
    public bool CanGoOn => Told is not null || Acked == 0 || Entries.Count > 0;

    /// <summary>Entries after them that are known to have been.</summary>
    public long Lost { get; init; }
}
