using System.Globalization;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>The tables, and how an older database becomes a newer one. Times are Unix milliseconds, money is fen.</summary>
internal static class Schema
{
    /// <summary>One script per version; a script that was released is never changed.</summary>
    private static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE orders (
          id TEXT NOT NULL PRIMARY KEY,
          amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9999999),
          stage TEXT NOT NULL,
          ended INTEGER NOT NULL,
          requested_at INTEGER NOT NULL,
          retry_of TEXT,
          qr_shown INTEGER NOT NULL,
          wallet TEXT,
          paid_at INTEGER,
          spoken INTEGER NOT NULL,
          disputed INTEGER NOT NULL,
          refusal_zh TEXT,
          refusal_en TEXT
        ) WITHOUT ROWID;
        CREATE INDEX orders_by_time ON orders (requested_at);
        CREATE INDEX orders_open ON orders (requested_at) WHERE ended = 0;
        CREATE TABLE outbox (
          order_id TEXT NOT NULL REFERENCES orders (id),
          kind TEXT NOT NULL,
          PRIMARY KEY (order_id, kind)
        ) WITHOUT ROWID;
        CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        ALTER TABLE orders ADD COLUMN refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount);
        ALTER TABLE orders ADD COLUMN refunded_here INTEGER NOT NULL DEFAULT 0 CHECK (refunded_here BETWEEN 0 AND amount);
        ALTER TABLE orders ADD COLUMN last_refund TEXT;
        CREATE TABLE refunds (
          key TEXT NOT NULL PRIMARY KEY,
          order_id TEXT NOT NULL REFERENCES orders (id),
          amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9999999),
          stage TEXT NOT NULL,
          requested_at INTEGER NOT NULL,
          spoken INTEGER NOT NULL,
          refusal_zh TEXT,
          refusal_en TEXT
        ) WITHOUT ROWID;
        CREATE INDEX refunds_of_order ON refunds (order_id);
        """,
        """
        CREATE TABLE card_journals (
          id INTEGER NOT NULL PRIMARY KEY,
          merchant TEXT NOT NULL,
          epoch TEXT NOT NULL UNIQUE,
          stage TEXT NOT NULL,
          acked INTEGER NOT NULL,
          held INTEGER NOT NULL,
          kept INTEGER,
          told INTEGER,
          torn INTEGER NOT NULL
        );
        CREATE TABLE card_entries (
          journal INTEGER NOT NULL REFERENCES card_journals (id),
          seq INTEGER NOT NULL CHECK (seq > 0),
          account TEXT NOT NULL,
          at INTEGER NOT NULL,
          entry TEXT NOT NULL,
          hash TEXT NOT NULL,
          PRIMARY KEY (journal, seq)
        ) WITHOUT ROWID;
        CREATE INDEX card_entries_of_account ON card_entries (account, journal, seq);
        CREATE TABLE card_accounts (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, account TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE card_numbers (no TEXT NOT NULL PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE card_feed (
          id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
          version INTEGER NOT NULL,
          synced INTEGER NOT NULL,
          pull_from INTEGER,
          pull_at INTEGER,
          pull_after TEXT
        );
        CREATE TABLE card_clock (
          id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
          unheard INTEGER NOT NULL,
          wall INTEGER NOT NULL,
          corrected INTEGER NOT NULL,
          learnt INTEGER NOT NULL
        );
        """,
        """
        ALTER TABLE card_entries ADD COLUMN previous INTEGER NOT NULL DEFAULT 0;
        UPDATE card_entries SET previous = coalesce(
          (SELECT max(seq) FROM card_entries AS p WHERE p.account = card_entries.account AND p.journal = card_entries.journal AND p.seq < card_entries.seq), 0);
        DROP INDEX card_entries_of_account;
        """,
    ];

    /// <summary>The newest version of the database.</summary>
    public static int Newest => Versions.Count;

    /// <summary>Brings the database to the newest version, a version a transaction.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a newer agent.</exception>
    public static void Migrate(SqliteConnection connection)
    {
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"));
        if (version > Versions.Count)
            throw new InvalidOperationException($"The database has version {version}; this agent knows up to {Versions.Count}. Install the newer agent again.");
        for (; version < Versions.Count; version++)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, Versions[version]);
            Execute(connection, $"PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }
    }

    /// <summary>
    /// Write-ahead log, full synchronisation: read back, because a pragma that a file system cannot follow fails silently. Nobody else can open the file meanwhile:
    /// two agents in one database would book twice, and a tap needs no locks of the file system (a tenth of its time) and no memory that is shared with others.
    /// Half of the usual page holds some entries of taps, or an account: half as much is summed up and written for a tap. A database that is there keeps its own.
    /// </summary>
    /// <exception cref="InvalidOperationException">The disk cannot keep what is committed.</exception>
    /// <exception cref="SqliteException">Somebody else has it open.</exception>
    public static void MakeDurable(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA page_size = 2048; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -512;");
        var (journal, synchronous) = (Scalar(connection, "PRAGMA journal_mode"), Scalar(connection, "PRAGMA synchronous"));
        const long Full = 2;
        if (journal is not "wal" || synchronous is not Full)
            throw new InvalidOperationException($"The database runs with journal {journal} and synchronous {synchronous}, not WAL and FULL: put the state folder on a local disk.");
    }

    /// <summary>Lets the database grow to so many bytes and no further.</summary>
    public static void LimitSize(SqliteConnection connection, long maxBytes)
    {
        var pageBytes = Convert.ToInt64(Scalar(connection, "PRAGMA page_size"));
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {maxBytes / pageBytes}"));
    }

    /// <summary>Runs statements that need no parameters.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this folder come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>The first value that a statement answers.</summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this folder come here.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
