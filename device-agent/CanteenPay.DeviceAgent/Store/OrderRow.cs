using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>An order as a row.</summary>
internal static class OrderRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in order.</summary>
    public const string Columns = "id, amount, stage, requested_at, retry_of, qr_shown, wallet, paid_at, spoken, disputed, refusal_zh, refusal_en";

    /// <summary>A command that inserts the order or brings its row up to date. Id, amount and time of an order never change.</summary>
    public static SqliteCommand Upsert(SqliteConnection connection, Order order)
    {
        var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO orders (id, amount, stage, ended, requested_at, retry_of, qr_shown, wallet, paid_at, spoken, disputed, refusal_zh, refusal_en)
            VALUES ($id, $amount, $stage, $ended, $requested_at, $retry_of, $qr_shown, $wallet, $paid_at, $spoken, $disputed, $refusal_zh, $refusal_en)
            ON CONFLICT (id) DO UPDATE SET stage = $stage, ended = $ended, qr_shown = $qr_shown, wallet = $wallet, paid_at = $paid_at,
              spoken = $spoken, disputed = $disputed, refusal_zh = $refusal_zh, refusal_en = $refusal_en
            """;
        var values = command.Parameters;
        values.AddWithValue("$id", order.Id.Value);
        values.AddWithValue("$amount", order.Amount.Value);
        values.AddWithValue("$stage", order.Stage.ToString());
        values.AddWithValue("$ended", order.IsEnded);
        values.AddWithValue("$requested_at", order.RequestedAt.ToUnixTimeMilliseconds());
        values.AddWithValue("$retry_of", (object?)order.RetryOf?.Value ?? DBNull.Value);
        values.AddWithValue("$qr_shown", order.QrShown);
        values.AddWithValue("$wallet", (object?)order.Wallet?.ToString() ?? DBNull.Value);
        values.AddWithValue("$paid_at", (object?)order.PaidAt?.ToUnixTimeMilliseconds() ?? DBNull.Value);
        values.AddWithValue("$spoken", order.Spoken);
        values.AddWithValue("$disputed", order.Disputed);
        values.AddWithValue("$refusal_zh", (object?)order.Refusal?.Zh ?? DBNull.Value);
        values.AddWithValue("$refusal_en", (object?)order.Refusal?.En ?? DBNull.Value);
        return command;
    }

    /// <summary>The order in the reader's current row.</summary>
    public static Order Read(SqliteDataReader row) => new()
    {
        Id = OrderId.Parse(row.GetString(0)),
        Amount = new(row.GetInt64(1)),
        Stage = Enum.Parse<OrderStage>(row.GetString(2)),
        RequestedAt = Time(row.GetInt64(3)),
        RetryOf = row.IsDBNull(4) ? null : OrderId.Parse(row.GetString(4)),
        QrShown = row.GetBoolean(5),
        Wallet = row.IsDBNull(6) ? null : Enum.Parse<Wallet>(row.GetString(6)),
        PaidAt = row.IsDBNull(7) ? null : Time(row.GetInt64(7)),
        Spoken = row.GetBoolean(8),
        Disputed = row.GetBoolean(9),
        Refusal = row.IsDBNull(10) ? null : new(row.GetString(10), row.GetString(11)),
    };

    private static DateTimeOffset Time(long unixMs) => BusinessDay.Local(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
}

/// <summary>A message that waits for its answer.</summary>
/// <param name="Order">What it is about.</param>
/// <param name="Kind">What it asks.</param>
internal sealed record OutboxRow(Order Order, OutboxKind Kind);

/// <summary>What a message in the outbox asks. Stored by name.</summary>
internal enum OutboxKind
{
    /// <summary><c>pay-request</c>.</summary>
    Request,

    /// <summary><c>pay-cancel</c>.</summary>
    Cancel,

    /// <summary><c>pay-status</c>.</summary>
    Status,
}
