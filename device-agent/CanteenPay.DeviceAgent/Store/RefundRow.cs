using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;
using Microsoft.Data.Sqlite;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>A refund as a row.</summary>
internal static class RefundRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in order.</summary>
    public const string Columns = "r.key, r.order_id, r.amount, r.stage, r.requested_at, r.spoken, r.refusal_zh, r.refusal_en";

    /// <summary>A command that inserts the refund or brings its row up to date. Key, order, amount and time of a refund never change.</summary>
    public static SqliteCommand Upsert(SqliteConnection connection, Refund refund)
    {
        var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO refunds (key, order_id, amount, stage, requested_at, spoken, refusal_zh, refusal_en)
            VALUES ($key, $order, $amount, $stage, $requested_at, $spoken, $refusal_zh, $refusal_en)
            ON CONFLICT (key) DO UPDATE SET stage = $stage, spoken = $spoken, refusal_zh = $refusal_zh, refusal_en = $refusal_en
            """;
        var values = command.Parameters;
        values.AddWithValue("$key", refund.Key);
        values.AddWithValue("$order", refund.OrderId.Value);
        values.AddWithValue("$amount", refund.Amount.Value);
        values.AddWithValue("$stage", refund.Stage.ToString());
        values.AddWithValue("$requested_at", refund.RequestedAt.ToUnixTimeMilliseconds());
        values.AddWithValue("$spoken", refund.Spoken);
        values.AddWithValue("$refusal_zh", (object?)refund.Refusal?.Zh ?? DBNull.Value);
        values.AddWithValue("$refusal_en", (object?)refund.Refusal?.En ?? DBNull.Value);
        return command;
    }

    /// <summary>The refund in the current row, from a column on.</summary>
    public static Refund Read(Statement row, int first) => new()
    {
        Key = row.GetString(first),
        OrderId = OrderId.Parse(row.GetString(first + 1)),
        Amount = new(row.GetInt64(first + 2)),
        Stage = Enum.Parse<RefundStage>(row.GetString(first + 3)),
        RequestedAt = OrderRow.Time(row.GetInt64(first + 4)),
        Spoken = row.GetBoolean(first + 5),
        Refusal = row.IsDBNull(first + 6) ? null : new(row.GetString(first + 6), row.GetString(first + 7)),
    };
}
