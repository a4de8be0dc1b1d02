using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// One connection under one lock: a write takes less than a millisecond (limits), so that the calls are synchronous.
/// Write-ahead log with full synchronisation: what was committed is there after a power cut. Statements stay prepared: a tap has no time to have its SQL read.
/// </summary>
internal sealed class AgentDatabase : IDisposable
{
    private const int MaxPrepared = 200;

    /// <summary>For a technician's program that looks into the database when the agent starts; later nobody else can.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Statement> prepared = new(StringComparer.Ordinal);

    /// <summary>
    /// One lock is enough: SQLite's own around each call, and the one under which it counts its memory, take a tap longer than its key look-ups. In a process that has
    /// used SQLite before, a test's, they stay.
    /// </summary>
    static AgentDatabase()
    {
        const int MultiThread = 2;
        const int MemoryStatus = 9;
        Batteries_V2.Init();
        _ = raw.sqlite3_config(MultiThread);
        _ = raw.sqlite3_config(MemoryStatus, 0);
    }

    private AgentDatabase(SqliteConnection connection) => Connection = connection;

    /// <summary>The connection; only within <see cref="InTransaction"/>.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>Opens the file, makes or migrates it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="maxBytes">It never grows beyond this; what does not fit is refused as on a full disk.</param>
    /// <exception cref="DatabaseDamagedException">It cannot be trusted.</exception>
    /// <exception cref="SqliteException">It cannot be opened, or is damaged (<see cref="DatabaseDamage.Is"/>).</exception>
    /// <exception cref="InvalidOperationException">It was written by a newer agent, or the disk cannot keep what is committed.</exception>
    public static AgentDatabase Open(string file, long maxBytes)
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            opened.Open();
            raw.sqlite3_busy_timeout(opened.Handle, (int)LongestWait.TotalMilliseconds);
            Schema.MakeDurable(opened);
            DatabaseDamage.Look(opened);
            Schema.LimitSize(opened, maxBytes);
            Schema.Migrate(opened);
            return new(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>A transaction is under way: what is read may never come to be.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(Connection.Handle) == 0;

    /// <summary>Statements that were run, whether they changed something or not.</summary>
    public long Statements { get; private set; }

    /// <summary>All of it or nothing; on the disk when this returns.</summary>
    public void InTransaction(Action act)
    {
        lock (gate)
        {
            Run("BEGIN IMMEDIATE");
            try
            {
                act();
                Run("COMMIT");
            }
            catch
            {
                // Some failures (a full disk, say) have rolled back already.
                if (IsInTransaction)
                    Run("ROLLBACK");
                throw;
            }
        }
    }

    /// <summary>Reads that belong together: nothing is written between them.</summary>
    public T Consistently<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    /// <summary>What belongs together though it need not be undone together: nobody else reads or writes meanwhile.</summary>
    public void Consistently(Action act)
    {
        lock (gate)
            act();
    }

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            Statements++;
            var statement = Prepared(sql, values);
            try
            {
                while (statement.Step())
                {
                }

                return raw.sqlite3_changes(Connection.Handle);
            }
            finally
            {
                statement.Reset();
            }
        }
    }

    /// <summary>Reads rows.</summary>
    public List<T> Query<T>(string sql, Func<Statement, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            var statement = Prepared(sql, values);
            try
            {
                List<T> rows = [];
                while (statement.Step())
                    rows.Add(read(statement));
                return rows;
            }
            finally
            {
                statement.Reset();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A part that is not told to stop, or a little late, may be asking still.
        lock (gate)
        {
            foreach (var statement in prepared.Values)
                statement.Dispose();
            prepared.Clear();
            Connection.Dispose();
        }
    }

    private Statement Prepared(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!prepared.TryGetValue(sql, out var statement))
        {
            if (prepared.Count == MaxPrepared)
                throw new InvalidOperationException("More statements than any agent has: was a value written into one?");
            prepared[sql] = statement = new(Connection, sql);
        }

        statement.Bind(values);
        return statement;
    }
}
