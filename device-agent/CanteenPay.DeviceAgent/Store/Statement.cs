using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// A prepared statement and the row at which it stands. It calls SQLite itself: a command and a reader of ADO.NET cost a tap more than what SQLite does for them.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly int parameters;
    private readonly List<(string Name, int Place)> places = [];

    /// <summary>Has SQLite read the SQL.</summary>
    /// <param name="connection">An open one; it is closed after this is disposed of.</param>
    /// <param name="sql">One statement, of constants of this agent: values are parameters.</param>
    /// <exception cref="SqliteException">It is wrong, or the database is damaged.</exception>
    public Statement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
        parameters = raw.sqlite3_bind_parameter_count(statement);
    }

    /// <summary>Columns of a row.</summary>
    public int FieldCount => raw.sqlite3_column_count(statement);

    /// <summary>Gives every parameter its value: a number, a truth, a text (as a string or in UTF-8), or null.</summary>
    /// <exception cref="ArgumentException">They are not the statement's parameters, or others than the last time.</exception>
    public void Bind(ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (values.Length != parameters)
            throw new ArgumentException($"The statement has {parameters} parameters, and was given {values.Length}.", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            var place = PlaceOf(i, values[i].Name);
            SqliteException.ThrowExceptionForRC(
                values[i].Value switch
                {
                    null => raw.sqlite3_bind_null(statement, place),
                    long number => raw.sqlite3_bind_int64(statement, place, number),
                    int number => raw.sqlite3_bind_int64(statement, place, number),
                    bool truth => raw.sqlite3_bind_int64(statement, place, truth ? 1 : 0),
                    string text => raw.sqlite3_bind_text(statement, place, text),
                    // SQLite takes no bytes at all for null.
                    byte[] { Length: 0 } => raw.sqlite3_bind_text(statement, place, ""),
                    byte[] utf8 => raw.sqlite3_bind_text(statement, place, utf8),
                    var other => throw new ArgumentException($"{values[i].Name} is a {other.GetType().Name}, which no column holds.", nameof(values)),
                },
                database);
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        SqliteException.ThrowExceptionForRC(result, database);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Ends it, so that it holds no lock and can run again. What went wrong was said by <see cref="Step"/>.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    /// <summary>Whether a column of the row holds nothing.</summary>
    public bool IsDBNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>A number.</summary>
    /// <exception cref="InvalidOperationException">The column holds nothing.</exception>
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, Filled(column));

    /// <summary>A number that is not large.</summary>
    /// <exception cref="InvalidOperationException">The column holds nothing.</exception>
    /// <exception cref="OverflowException">It is large.</exception>
    public int GetInt32(int column) => checked((int)GetInt64(column));

    /// <summary>A truth.</summary>
    /// <exception cref="InvalidOperationException">The column holds nothing.</exception>
    public bool GetBoolean(int column) => GetInt64(column) != 0;

    /// <summary>A text.</summary>
    /// <exception cref="InvalidOperationException">The column holds nothing.</exception>
    public string GetString(int column) => raw.sqlite3_column_text(statement, Filled(column)).utf8_to_string();

    /// <summary>A text as it is stored, in UTF-8: SQLite's own memory, until the next step.</summary>
    /// <exception cref="InvalidOperationException">The column holds nothing.</exception>
    public ReadOnlySpan<byte> GetUtf8(int column) => raw.sqlite3_column_blob(statement, Filled(column));

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    private int Filled(int column) => IsDBNull(column) ? throw new InvalidOperationException($"Column {column} holds nothing.") : column;

    private int PlaceOf(int index, string name)
    {
        if (index == places.Count)
        {
            var place = raw.sqlite3_bind_parameter_index(statement, name);
            places.Add(place > 0 ? (name, place) : throw new ArgumentException($"The statement has no parameter {name}.", nameof(name)));
        }

        return places[index].Name == name
            ? places[index].Place
            : throw new ArgumentException($"A statement has the same values in the same order each time, not {name} now.", nameof(name));
    }
}
