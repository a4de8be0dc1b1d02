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

    private readonly Lock gate = new();
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

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

    /// <summary>Runs a statement; how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            Statements++;
            return Prepared(sql, values).ExecuteNonQuery();
        }
    }

    /// <summary>Reads rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        lock (gate)
        {
            using var reader = Prepared(sql, values).ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        prepared.Clear();
        Connection.Dispose();
    }

    private SqliteCommand Prepared(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            if (prepared.Count == MaxPrepared)
                throw new InvalidOperationException("More statements than any agent has: was a value written into one?");
            command = Connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this agent come here; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            prepared[sql] = command;
        }

        for (var i = 0; i < values.Length; i++)
        {
            var (name, value) = values[i];
            if (i == command.Parameters.Count)
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            else if (command.Parameters[i].ParameterName == name)
                command.Parameters[i].Value = value ?? DBNull.Value;
            else
                throw new ArgumentException($"A statement has the same values in the same order each time, not {name} now.", nameof(values));
        }

        return command;
    }
}
