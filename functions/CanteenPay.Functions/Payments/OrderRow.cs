using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>An order as the table <c>Orders</c> holds it, with the version that a conditional write names.</summary>
internal sealed record OrderRow(Order Order, ETag Version) : ITableEntity<OrderRow>
{
    /// <summary>The partition of an order: the day of its id, so that the id alone finds it.</summary>
    public static string Partition(OrderId order) => Partition(order.Merchant, order.Day);

    /// <summary>The partition of a merchant's orders of a day.</summary>
    public static string Partition(MerchantId merchant, DateOnly day) => $"{merchant}-{BusinessDay.Key(day)}";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Partition(Order.Id), Order.Id.Value)
        {
            ["State"] = Order.State.ToString(),
            ["AmountFen"] = Order.Amount.Value,
            ["Kind"] = Order.Kind,
            ["Channel"] = Order.Channel,
            ["ChannelMerchantId"] = Order.ChannelMerchantId,
            ["RequestedAt"] = Order.RequestedAt,
            ["CreatedAt"] = Order.CreatedAt,
            ["ExpiresAt"] = Order.ExpiresAt,
            ["UnansweredCloses"] = Order.UnansweredCloses,
            ["FeeRateBasisPoints"] = Order.FeeRateBasisPoints,
            ["BankCostBasisPoints"] = Order.BankCostBasisPoints,
            ["IsLate"] = Order.IsLate,
            ["RefundCount"] = Order.RefundCount,
            ["RefundPendingFen"] = Order.RefundPending.Value,
            ["RefundedFen"] = Order.Refunded.Value,
            ["FeeReturnedFen"] = Order.FeeReturned.Value,
            ["BankReturnedFen"] = Order.BankReturned.Value,
        };
        row.SetIfAny("OpenPartition", Order.OpenKey?.Partition);
        row.SetIfAny("OpenRow", Order.OpenKey?.Row);
        row.SetIfAny("RetryOf", Order.RetryOf?.Value);
        row.SetIfAny("Qr", Order.Qr);
        row.SetIfAny("Traceparent", Order.Traceparent);
        row.SetIfAny("FailureMessage", Order.FailureMessage);
        row.SetIfAny("Review", Order.Review?.ToString());
        row.SetIfAny(AcknowledgedColumn, Order.Acknowledged?.ToString());
        row.SetIfAny("SettlementDate", Order.SettlementDate);
        row.SetIfAny(AdjustedDays.Column, Order.AdjustedDay);
        if (Order.Payment is { } payment)
        {
            row["PaidAt"] = payment.PaidAt;
            row["ChannelTransactionNo"] = payment.ChannelTransactionNo;
            row.SetIfAny("WalletTransactionNo", payment.WalletTransactionNo);
            row.SetIfAny("Wallet", payment.Wallet?.ToString());
        }

        return row;
    }

    /// <summary>The column that an acknowledgement alone changes.</summary>
    public const string AcknowledgedColumn = "Acknowledged";

    /// <inheritdoc/>
    public static OrderRow FromTableEntity(TableEntity row) => new(
        new Order
        {
            Id = OrderId.Parse(row.RowKey),
            State = Enum.Parse<OrderState>(row.Text("State")),
            Amount = row.Fen("AmountFen"),
            Kind = row.Text("Kind"),
            Channel = row.Text("Channel"),
            ChannelMerchantId = row.Text("ChannelMerchantId"),
            RequestedAt = row.Time("RequestedAt"),
            CreatedAt = row.Time("CreatedAt"),
            ExpiresAt = row.Time("ExpiresAt"),
            UnansweredCloses = row.GetInt32("UnansweredCloses") ?? 0,
            FeeRateBasisPoints = row.GetInt32("FeeRateBasisPoints") ?? ChannelFee.DefaultRateBasisPoints,
            BankCostBasisPoints = row.GetInt32("BankCostBasisPoints") ?? 0,
            IsLate = row.GetBoolean("IsLate") ?? false,
            RefundCount = row.GetInt32("RefundCount") ?? 0,
            RefundPending = new(row.GetInt64("RefundPendingFen") ?? 0),
            Refunded = new(row.GetInt64("RefundedFen") ?? 0),
            FeeReturned = new(row.GetInt64("FeeReturnedFen") ?? 0),
            BankReturned = new(row.GetInt64("BankReturnedFen") ?? 0),
            OpenKey = row.GetString("OpenRow") is { } open ? new(row.Text("OpenPartition"), open) : null,
            RetryOf = row.GetString("RetryOf") is { } retryOf ? OrderId.Parse(retryOf) : null,
            Qr = row.GetString("Qr"),
            Traceparent = TraceContext.Clean(row.GetString("Traceparent")),
            FailureMessage = row.GetString("FailureMessage"),
            Review = row.Name<ReviewReason>("Review"),
            Acknowledged = row.Name<PayOutcome>(AcknowledgedColumn),
            SettlementDate = row.Date("SettlementDate"),
            AdjustedDay = row.Date(AdjustedDays.Column),
            Payment = row.GetDateTimeOffset("PaidAt") is not { } paidAt ? null : new Payment(
                row.Name<Wallet>("Wallet"),
                paidAt,
                row.Text("ChannelTransactionNo"),
                row.GetString("WalletTransactionNo")),
        },
        row.ETag);

}
