using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// The orders of this machine and what must still be sent about them, in one database, so that both change in one transaction.
/// Write-ahead log with full synchronisation: what was committed is there after a power cut.
/// </summary>
/// <remarks>One connection under one lock. A write takes less than a millisecond (limits), so that the calls are synchronous.</remarks>
internal sealed class OrderStore : IDisposable
{
    /// <summary>Most messages that may wait for an answer; beyond it no order is made.</summary>
    public const int MaxUnanswered = 1000;

    /// <summary>Most orders without an end that are asked about at a time.</summary>
    public const int MaxOpen = 50;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;

    private OrderStore(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens the database, makes or migrates it.</summary>
    /// <exception cref="StateFolderException">It belongs to another machine.</exception>
    /// <exception cref="InvalidOperationException">It was written by a newer agent.</exception>
    public static OrderStore Open(StateFolder folder, DeviceId device)
    {
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = folder.Database, Pooling = false }.ToString());
        var store = new OrderStore(opened);
        try
        {
            opened.Open();
            Schema.MakeDurable(opened);
            Schema.Migrate(opened);
            var owner = store.Claim(device);
            return owner == device.Value ? store : throw StateFolderException.OfAnotherMachine(folder.Path, owner, device);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Stores an order and what must still be sent about it, in one transaction. What waited for the order before is replaced.</summary>
    public void Save(Order order, Unanswered unanswered)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using (var command = OrderRow.Upsert(connection, order))
                command.ExecuteNonQuery();
            Run("DELETE FROM outbox WHERE order_id = $id", ("$id", order.Id.Value));
            if (unanswered != Unanswered.None)
                Insert(order.Id, unanswered == Unanswered.Request ? OutboxKind.Request : OutboxKind.Cancel);
            transaction.Commit();
        }
    }

    /// <summary>Notes that the cloud is to be asked about each of these orders.</summary>
    public void AskAbout(IReadOnlyList<OrderId> orders)
    {
        lock (gate)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var order in orders)
                Insert(order, OutboxKind.Status);
            transaction.Commit();
        }
    }

    /// <summary>The question about this order was answered.</summary>
    public void StatusAnswered(OrderId order)
    {
        lock (gate)
            Run("DELETE FROM outbox WHERE order_id = $id AND kind = $kind", ("$id", order.Value), ("$kind", nameof(OutboxKind.Status)));
    }

    /// <summary>The order of this id, or null.</summary>
    public Order? Find(OrderId id) => Query("WHERE id = $id", ("$id", id.Value)) is [var order, ..] ? order : null;

    /// <summary>The newest orders without an end state, at most <see cref="MaxOpen"/>, oldest first.</summary>
    public IReadOnlyList<Order> WithoutEnd() => [.. Enumerable.Reverse(Query("WHERE ended = 0 ORDER BY requested_at DESC LIMIT $count", ("$count", MaxOpen)))];

    /// <summary>The newest orders, newest first.</summary>
    public IReadOnlyList<Order> Newest(int count) => Query("ORDER BY requested_at DESC, id LIMIT $count", ("$count", count));

    /// <summary>Everything that waits for an answer, with its order, oldest order first.</summary>
    public IReadOnlyList<OutboxRow> Waiting()
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {OrderRow.Columns}, kind FROM outbox JOIN orders ON orders.id = outbox.order_id ORDER BY requested_at, id, kind";
            using var reader = command.ExecuteReader();
            List<OutboxRow> rows = [];
            while (reader.Read())
                rows.Add(new(OrderRow.Read(reader), Enum.Parse<OutboxKind>(reader.GetString(reader.FieldCount - 1))));
            return rows;
        }
    }

    /// <summary>How many messages wait for an answer, when the oldest of their orders was requested, and how many orders have no end.</summary>
    public (int Unanswered, DateTimeOffset? Oldest, int Open) Count()
    {
        lock (gate)
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT count(*), min(requested_at), (SELECT count(*) FROM orders WHERE ended = 0)
                FROM outbox JOIN orders ON orders.id = outbox.order_id
                """;
            using var reader = command.ExecuteReader();
            reader.Read();
            return (reader.GetInt32(0), reader.IsDBNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetInt32(2));
        }
    }

    /// <summary>Forgets ended orders from before this time. A result for one of them later is for an unknown order: neither shown nor spoken.</summary>
    public void ForgetEndedBefore(DateTimeOffset time)
    {
        lock (gate)
        {
            Run(
                "DELETE FROM orders WHERE ended = 1 AND requested_at < $time AND id NOT IN (SELECT order_id FROM outbox)",
                ("$time", time.ToUnixTimeMilliseconds()));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    /// <summary>Writes whose database this is, once, and says whose it is.</summary>
    private string Claim(DeviceId device)
    {
        Run("INSERT INTO facts (name, value) VALUES ('device', $device) ON CONFLICT DO NOTHING", ("$device", device.Value));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM facts WHERE name = 'device'";
        return (string)command.ExecuteScalar()!;
    }

    private void Insert(OrderId order, OutboxKind kind) =>
        Run("INSERT INTO outbox (order_id, kind) VALUES ($id, $kind) ON CONFLICT DO NOTHING", ("$id", order.Value), ("$kind", kind.ToString()));

    private void Run(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private List<Order> Query(string where, params ReadOnlySpan<(string Name, object Value)> values)
    {
        lock (gate)
        {
            using var command = Command($"SELECT {OrderRow.Columns} FROM orders {where}", values);
            using var reader = command.ExecuteReader();
            List<Order> orders = [];
            while (reader.Read())
                orders.Add(OrderRow.Read(reader));
            return orders;
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Only constants of this file come here; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
