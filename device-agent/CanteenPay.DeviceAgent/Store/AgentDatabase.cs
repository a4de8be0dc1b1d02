using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// One connection under one lock: a write takes less than a millisecond (limits), so that the calls are synchronous.
/// Write-ahead log with full synchronisation: what was committed is there after a power cut.
/// </summary>
internal sealed class AgentDatabase : IDisposable
{
    private readonly Lock gate = new();

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

    /// <summary>All of it or nothing.</summary>
    public void InTransaction(Action act)
    {
        lock (gate)
        {
            using var transaction = Connection.BeginTransaction(deferred: false);
            act();
            transaction.Commit();
        }
    }

    /// <summary>Runs a statement.</summary>
    public void Run(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Reads rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> values)
    {
        lock (gate)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this folder come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
