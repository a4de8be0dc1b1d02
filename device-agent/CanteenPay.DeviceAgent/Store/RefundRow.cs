using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>A refund as a row.</summary>
internal static class RefundRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in order.</summary>
    public const string Columns = "r.key, r.order_id, r.amount, r.stage, r.requested_at, r.spoken, r.refusal_zh, r.refusal_en";

    private const string UpsertSql = """
        INSERT INTO refunds (key, order_id, amount, stage, requested_at, spoken, refusal_zh, refusal_en)
        VALUES ($key, $order, $amount, $stage, $requested_at, $spoken, $refusal_zh, $refusal_en)
        ON CONFLICT (key) DO UPDATE SET stage = $stage, spoken = $spoken, refusal_zh = $refusal_zh, refusal_en = $refusal_en
        """;

    /// <summary>Inserts the refund or brings its row up to date. Key, order, amount and time of a refund never change.</summary>
    public static void Upsert(AgentDatabase database, Refund refund) => database.Run(
        UpsertSql,
        ("$key", refund.Key),
        ("$order", refund.OrderId.Value),
        ("$amount", refund.Amount.Value),
        ("$stage", refund.Stage.ToString()),
        ("$requested_at", refund.RequestedAt.ToUnixTimeMilliseconds()),
        ("$spoken", refund.Spoken),
        ("$refusal_zh", refund.Refusal?.Zh),
        ("$refusal_en", refund.Refusal?.En));

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
