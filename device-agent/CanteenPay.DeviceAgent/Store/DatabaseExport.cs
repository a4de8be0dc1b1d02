using System.Text.Json;
using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// Reads what can still be read of a damaged database, row by row, and writes it as JSON lines. A table is read from both ends, orders once more through their index,
/// so that a bad page costs only the rows on it.
/// </summary>
internal static class DatabaseExport
{
    private const int MaxRows = 200_000;

    /// <summary>Each way to a table's rows. A bad page ends a way; the next one comes from the other side.</summary>
    /// <remarks>Accounts are not ours: the cloud tells them again.</remarks>
    private static readonly IReadOnlyList<(string Table, string Key, IReadOnlyList<string> Ways)> Tables =
    [
        ("orders", "id",
        [
            "SELECT * FROM orders ORDER BY id",
            "SELECT * FROM orders ORDER BY id DESC",
        ]),
        ("refunds", "key", ["SELECT * FROM refunds ORDER BY key", "SELECT * FROM refunds ORDER BY key DESC"]),
        ("card_journals", "id", ["SELECT * FROM card_journals ORDER BY id", "SELECT * FROM card_journals ORDER BY id DESC"]),
        ("card_entries", "seq",
        [
            "SELECT * FROM card_entries ORDER BY journal DESC, seq DESC",
            "SELECT * FROM card_entries ORDER BY journal, seq",
        ]),
        ("card_clock", "id", ["SELECT * FROM card_clock"]),
        ("outbox", "order_id", ["SELECT * FROM outbox"]),
        ("facts", "name", ["SELECT * FROM facts"]),
    ];

    /// <summary>Reads a copy, so that what is set aside stays as it was found.</summary>
    /// <param name="database">The damaged database.</param>
    /// <param name="export">The file to write.</param>
    /// <param name="device">This machine.</param>
    public static Rescued Write(string database, string export, DeviceId device)
    {
        var copy = database + ".copy";
        try
        {
            Copy(database, copy);
            using var output = new FileStream(export, FileMode.Create, FileAccess.Write);
            return ReadAll(copy, output, device);
        }
        finally
        {
            foreach (var part in (string[])["", "-wal", "-shm"])
                File.Delete(copy + part);
        }
    }

    private static void Copy(string database, string copy)
    {
        foreach (var part in (string[])["", "-wal"])
        {
            File.Delete(copy + part);
            if (File.Exists(database + part))
                File.Copy(database + part, copy + part);
        }
    }

    private static Rescued ReadAll(string copy, Stream output, DeviceId device)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
        if (!Succeeds(connection.Open))
            return new(0, [], new([], 0));
        var rows = 0;
        HashSet<string> orders = new(StringComparer.Ordinal);
        foreach (var (table, key, ways) in Tables)
        {
            HashSet<string> seen = table == "orders" ? orders : new(StringComparer.Ordinal);
            foreach (var way in ways)
                Succeeds(() => rows += WriteRows(connection, way, table, key, seen, MaxRows - rows, output));
        }

        foreach (var id in Column(connection, "SELECT id FROM orders INDEXED BY orders_by_time ORDER BY requested_at").Where(id => !orders.Contains(id)))
            Succeeds(() => rows += WriteRows(connection, "SELECT * FROM orders WHERE id = $id", "orders", "id", orders, MaxRows - rows, output, id));
        return new(rows, WithoutEnd(connection, orders), JournalRescue.Read(connection, device));
    }

    private static int WriteRows(
        SqliteConnection connection, string sql, string table, string key, HashSet<string> seen, int most, Stream output, string? id = null)
    {
        var written = 0;
        using var command = Command(connection, sql, id);
        using var reader = command.ExecuteReader();
        while (written < most && reader.Read())
        {
            var name = table switch
            {
                "outbox" => $"{reader["order_id"]} {reader["kind"]}",
                "card_entries" => $"{reader["journal"]} {reader["seq"]}",
                _ => $"{reader[key]}",
            };
            if (!seen.Add(name))
                continue;
            WriteRow(reader, table, output);
            written++;
        }

        return written;
    }

    private static void WriteRow(SqliteDataReader row, string table, Stream output)
    {
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("table", table);
            for (var column = 0; column < row.FieldCount; column++)
            {
                json.WritePropertyName(row.GetName(column));
                switch (row.GetValue(column))
                {
                    case DBNull:
                        json.WriteNullValue();
                        break;
                    case long number:
                        json.WriteNumberValue(number);
                        break;
                    case var value:
                        json.WriteStringValue(value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}");
                        break;
                }
            }

            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>Orders that must be asked about, and those with a refund that must.</summary>
    private static List<Order> WithoutEnd(SqliteConnection connection, IEnumerable<string> ids)
    {
        List<Order> found = [];
        // An older agent's database has no refunds yet.
        Succeeds(() => Schema.Migrate(connection));
        foreach (var id in ids)
        {
            Succeeds(() =>
            {
                using var row = new Statement(connection, $"SELECT {OrderRow.Columns} {OrderRow.From} WHERE o.id = $id");
                row.Bind([("$id", id)]);
                if (row.Step() && OrderRow.Read(row) is var order && (!order.IsEnded || order.Refund is { IsEnded: false }))
                    found.Add(order);
            });
        }

        return found;
    }

    private static List<string> Column(SqliteConnection connection, string sql)
    {
        List<string> values = [];
        Succeeds(() =>
        {
            using var command = Command(connection, sql, id: null);
            using var reader = command.ExecuteReader();
            while (values.Count < MaxRows && reader.Read())
                values.Add(reader.GetString(0));
        });
        return values;
    }

    /// <summary>Whether it could be done: in a damaged database anything may fail, and the next thing may still work.</summary>
    private static bool Succeeds(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception e) when (e is SqliteException or DatabaseDamagedException or InvalidOperationException or InvalidCastException)
        {
            return false;
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, string? id)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this folder come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (id is not null)
            command.Parameters.AddWithValue("$id", id);
        return command;
    }
}

/// <summary>What could be read of a damaged database.</summary>
/// <param name="Rows">Rows that were written to the export.</param>
/// <param name="WithoutEnd">Orders that have no end, or a refund without one.</param>
/// <param name="Cards">What taps left.</param>
internal sealed record Rescued(int Rows, IReadOnlyList<Order> WithoutEnd, RescuedJournals Cards);
