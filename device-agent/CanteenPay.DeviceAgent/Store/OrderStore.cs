using CanteenPay.DeviceAgent.Cards;
using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>
/// The orders and refunds of this machine and what must still be sent about them, in one database, so that they change in one transaction.
/// </summary>
internal sealed class OrderStore : IDisposable
{
    /// <summary>Most messages that may wait for an answer; beyond it no order is made.</summary>
    public const int MaxUnanswered = 1000;

    /// <summary>Most orders without an end that are asked about at a time.</summary>
    public const int MaxOpen = 50;

    /// <summary>The database never grows beyond this: 90 days of a busy till are a tenth of it.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;

    private const string EpochFact = "epoch";
    private const string DeviceFact = "device";
    private const int EpochLength = 8;
    private const int LookedAtOnOpen = 500;

    private readonly AgentDatabase database;

    private OrderStore(AgentDatabase database) => this.database = database;

    /// <summary>Made with the database file: 8 random characters.</summary>
    public string Epoch => Fact(EpochFact)!;

    /// <summary>The database itself: taps are stored beside the orders.</summary>
    public AgentDatabase Database => database;

    /// <summary>Opens the database, makes or migrates it.</summary>
    /// <exception cref="StateFolderException">It belongs to another machine.</exception>
    /// <exception cref="DatabaseDamagedException">It is damaged, or it is gone although there was one.</exception>
    /// <exception cref="SqliteException">It cannot be opened, or is damaged (<see cref="DatabaseDamage.Is"/>).</exception>
    /// <exception cref="InvalidOperationException">It was written by a newer agent.</exception>
    public static OrderStore Open(StateFolder folder, DeviceId device, long maxBytes = MaxBytes)
    {
        if (File.Exists(folder.SuspectFile))
            throw new DatabaseDamagedException(File.ReadAllText(folder.SuspectFile));
        if (File.Exists(folder.EpochFile) && new FileInfo(folder.Database) is not { Exists: true, Length: > 0 })
            throw new DatabaseDamagedException("the file is empty or gone");
        var store = Open(folder.Database, folder.Path, device, maxBytes);
        try
        {
            // Only when it is news: a start on a full disk must not fail for it.
            if (!File.Exists(folder.EpochFile) || File.ReadAllText(folder.EpochFile) != store.Epoch)
                File.WriteAllText(folder.EpochFile, store.Epoch);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file as such a database.</summary>
    internal static OrderStore Open(string file, string folder, DeviceId device, long maxBytes)
    {
        var store = new OrderStore(AgentDatabase.Open(file, maxBytes));
        try
        {
            store.database.Run("INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT DO NOTHING", ("$name", DeviceFact), ("$value", device.Value));
            store.database.Run(
                "INSERT INTO facts (name, value) VALUES ($name, $value) ON CONFLICT DO NOTHING", ("$name", EpochFact), ("$value", Crockford.Random(EpochLength)));
            // What the till will read is read once before it counts on it.
            store.Newest(LookedAtOnOpen);
            store.Waiting();
            JournalRescue.Check(store.database, device);
            var owner = store.Fact(DeviceFact)!;
            return owner == device.Value ? store : throw StateFolderException.OfAnotherMachine(folder, owner, device);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Stores an order and what must still be sent about it, in one transaction. What waited for the order before, except a refund, is replaced.</summary>
    public void Save(Order order, Unanswered unanswered) => database.InTransaction(() =>
    {
        OrderRow.Upsert(database, order);
        database.Run(
            "DELETE FROM outbox WHERE order_id = $id AND kind <> $refund", ("$id", order.Id.Value), ("$refund", nameof(OutboxKind.Refund)));
        if (unanswered != Unanswered.None)
            Insert(order.Id, unanswered == Unanswered.Request ? OutboxKind.Request : OutboxKind.Cancel);
    });

    /// <summary>Stores a refund with its order, in one transaction. As long as the order's newest refund has no end, its message waits for an answer.</summary>
    public void SaveRefund(Order order, Refund refund) => database.InTransaction(() =>
    {
        OrderRow.Upsert(database, order);
        RefundRow.Upsert(database, refund);
        if (order.Refund is { IsEnded: false })
            Insert(order.Id, OutboxKind.Refund);
        else
            Answered(order.Id, OutboxKind.Refund);
    });

    /// <summary>Notes that the cloud is to be asked about each of these orders.</summary>
    public void AskAbout(IReadOnlyList<OrderId> orders) => database.InTransaction(() =>
    {
        foreach (var order in orders)
            Insert(order, OutboxKind.Status);
    });

    /// <summary>The question about this order was answered.</summary>
    public void StatusAnswered(OrderId order) => Answered(order, OutboxKind.Status);

    /// <summary>The order of this id, or null.</summary>
    public Order? Find(OrderId id) => Orders("WHERE o.id = $id", ("$id", id.Value)) is [var order, ..] ? order : null;

    /// <summary>The refund of this key of that order, or null.</summary>
    public Refund? FindRefund(OrderId order, string key) => database.Query(
        $"SELECT {RefundRow.Columns} FROM refunds AS r WHERE r.key = $key AND r.order_id = $order",
        row => RefundRow.Read(row, 0),
        ("$key", key),
        ("$order", order.Value)) is [var refund] ? refund : null;

    /// <summary>The newest orders without an end state, at most <see cref="MaxOpen"/>, oldest first.</summary>
    public IReadOnlyList<Order> WithoutEnd() => [.. Enumerable.Reverse(Orders("WHERE o.ended = 0 ORDER BY o.requested_at DESC LIMIT $count", ("$count", MaxOpen)))];

    /// <summary>The newest orders, newest first.</summary>
    public IReadOnlyList<Order> Newest(int count) => Orders("ORDER BY o.requested_at DESC, o.id LIMIT $count", ("$count", count));

    /// <summary>Everything that waits for an answer, with its order, oldest order first.</summary>
    public IReadOnlyList<OutboxRow> Waiting() => database.Query(
        $"SELECT {OrderRow.Columns}, q.kind {OrderRow.From} JOIN outbox AS q ON q.order_id = o.id ORDER BY o.requested_at, o.id, q.kind",
        row => new OutboxRow(OrderRow.Read(row), Enum.Parse<OutboxKind>(row.GetString(row.FieldCount - 1))));

    /// <summary>How many messages wait for an answer, when the oldest of their orders was requested, and how many orders have no end.</summary>
    public (int Unanswered, DateTimeOffset? Oldest, int Open) Count() => database.Query(
        """
        SELECT count(*), min(requested_at), (SELECT count(*) FROM orders WHERE ended = 0)
        FROM outbox JOIN orders ON orders.id = outbox.order_id
        """,
        row => (row.GetInt32(0), row.IsDBNull(1) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetInt32(2))).Single();

    /// <summary>Forgets ended orders from before this time. A result for one of them later is for an unknown order: neither shown nor spoken.</summary>
    public void ForgetEndedBefore(DateTimeOffset time) => database.InTransaction(() =>
    {
        const string Old = "ended = 1 AND requested_at < $time AND id NOT IN (SELECT order_id FROM outbox)";
        database.Run($"DELETE FROM refunds WHERE order_id IN (SELECT id FROM orders WHERE {Old})", ("$time", time.ToUnixTimeMilliseconds()));
        database.Run($"DELETE FROM orders WHERE {Old}", ("$time", time.ToUnixTimeMilliseconds()));
    });

    /// <summary>What is remembered under a name; null when nothing is.</summary>
    public string? Fact(string name) =>
        database.Query("SELECT value FROM facts WHERE name = $name", row => row.GetString(0), ("$name", name)) is [var value] ? value : null;

    /// <summary>Remembers values under names, all in one transaction; an empty value forgets.</summary>
    public void SetFacts(params IReadOnlyList<(string Name, string Value)> facts) => database.InTransaction(() =>
    {
        foreach (var (name, value) in facts)
        {
            database.Run("DELETE FROM facts WHERE name = $name", ("$name", name));
            if (value is not "")
                database.Run("INSERT INTO facts (name, value) VALUES ($name, $value)", ("$name", name), ("$value", value));
        }
    });

    /// <inheritdoc/>
    public void Dispose() => database.Dispose();

    private void Answered(OrderId order, OutboxKind kind) =>
        database.Run("DELETE FROM outbox WHERE order_id = $id AND kind = $kind", ("$id", order.Value), ("$kind", kind.ToString()));

    private void Insert(OrderId order, OutboxKind kind) =>
        database.Run("INSERT INTO outbox (order_id, kind) VALUES ($id, $kind) ON CONFLICT DO NOTHING", ("$id", order.Value), ("$kind", kind.ToString()));

    private List<Order> Orders(string where, params ReadOnlySpan<(string Name, object? Value)> values) =>
        database.Query($"SELECT {OrderRow.Columns} {OrderRow.From} {where}", OrderRow.Read, values);
}
