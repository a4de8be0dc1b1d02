using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Store;

/// <summary>An order as a row, with its newest refund.</summary>
internal static class OrderRow
{
    /// <summary>The columns that <see cref="Read"/> expects, in order.</summary>
    public const string Columns =
        "o.id, o.amount, o.stage, o.requested_at, o.retry_of, o.qr_shown, o.wallet, o.paid_at, o.spoken, o.disputed, o.refusal_zh, o.refusal_en, "
        + "o.refunded, o.refunded_here, " + RefundRow.Columns;

    /// <summary>Where they come from.</summary>
    public const string From = "FROM orders AS o LEFT JOIN refunds AS r ON r.key = o.last_refund";

    private const int FirstOfRefund = 14;

    private const string UpsertSql = """
        INSERT INTO orders (id, amount, stage, ended, requested_at, retry_of, qr_shown, wallet, paid_at, spoken, disputed, refusal_zh, refusal_en,
          refunded, refunded_here, last_refund)
        VALUES ($id, $amount, $stage, $ended, $requested_at, $retry_of, $qr_shown, $wallet, $paid_at, $spoken, $disputed, $refusal_zh, $refusal_en,
          $refunded, $refunded_here, $last_refund)
        ON CONFLICT (id) DO UPDATE SET stage = $stage, ended = $ended, qr_shown = $qr_shown, wallet = $wallet, paid_at = $paid_at,
          spoken = $spoken, disputed = $disputed, refusal_zh = $refusal_zh, refusal_en = $refusal_en,
          refunded = $refunded, refunded_here = $refunded_here, last_refund = $last_refund
        """;

    /// <summary>Inserts the order or brings its row up to date. Id, amount and time of an order never change.</summary>
    public static void Upsert(AgentDatabase database, Order order) => database.Run(
        UpsertSql,
        ("$id", order.Id.Value),
        ("$amount", order.Amount.Value),
        ("$stage", order.Stage.ToString()),
        ("$ended", order.IsEnded),
        ("$requested_at", order.RequestedAt.ToUnixTimeMilliseconds()),
        ("$retry_of", order.RetryOf?.Value),
        ("$qr_shown", order.QrShown),
        ("$wallet", order.Wallet?.ToString()),
        ("$paid_at", order.PaidAt?.ToUnixTimeMilliseconds()),
        ("$spoken", order.Spoken),
        ("$disputed", order.Disputed),
        ("$refusal_zh", order.Refusal?.Zh),
        ("$refusal_en", order.Refusal?.En),
        ("$refunded", order.RefundedSoFar.Value),
        ("$refunded_here", order.RefundedHere.Value),
        ("$last_refund", order.Refund?.Key));

    /// <summary>The order in the current row.</summary>
    /// <exception cref="DatabaseDamagedException">The row holds what no agent ever wrote.</exception>
    public static Order Read(Statement row)
    {
        try
        {
            return new()
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
                RefundedSoFar = new(row.GetInt64(12)),
                RefundedHere = new(row.GetInt64(13)),
                Refund = row.IsDBNull(FirstOfRefund) ? null : RefundRow.Read(row, FirstOfRefund),
            };
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidCastException or InvalidOperationException)
        {
            throw new DatabaseDamagedException("an order cannot be read: " + e.Message, e);
        }
    }

    /// <summary>A stored time.</summary>
    public static DateTimeOffset Time(long unixMs) => BusinessDay.Local(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
}

/// <summary>A message that waits for its answer.</summary>
/// <param name="Order">What it is about.</param>
/// <param name="Kind">What it asks.</param>
internal sealed record OutboxRow(Order Order, OutboxKind Kind);

/// <summary>What a message in the outbox asks, in the order in which they are sent. Stored by name.</summary>
internal enum OutboxKind
{
    /// <summary><c>pay-request</c>.</summary>
    Request,

    /// <summary><c>pay-cancel</c>.</summary>
    Cancel,

    /// <summary><c>pay-refund</c>, of the order's newest refund.</summary>
    Refund,

    /// <summary><c>pay-status</c>.</summary>
    Status,
}
