using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
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
        };
        Set(row, "OpenPartition", Order.OpenKey?.Partition);
        Set(row, "OpenRow", Order.OpenKey?.Row);
        Set(row, "RetryOf", Order.RetryOf?.Value);
        Set(row, "Qr", Order.Qr);
        Set(row, "FailureMessage", Order.FailureMessage);
        Set(row, "Review", Order.Review?.ToString());
        Set(row, AcknowledgedColumn, Order.Acknowledged?.ToString());
        if (Order.SettlementDate is { } settlement)
            row["SettlementDate"] = BusinessDay.Key(settlement);
        if (Order.Payment is { } payment)
        {
            row["PaidAt"] = payment.PaidAt;
            row["ChannelTransactionNo"] = payment.ChannelTransactionNo;
            Set(row, "WalletTransactionNo", payment.WalletTransactionNo);
            Set(row, "Wallet", payment.Wallet?.ToString());
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
            State = Enum.Parse<OrderState>(Text(row, "State")),
            Amount = new(row.GetInt64("AmountFen") ?? throw Missing(row, "AmountFen")),
            Kind = Text(row, "Kind"),
            Channel = Text(row, "Channel"),
            ChannelMerchantId = Text(row, "ChannelMerchantId"),
            RequestedAt = Time(row, "RequestedAt"),
            CreatedAt = Time(row, "CreatedAt"),
            ExpiresAt = Time(row, "ExpiresAt"),
            UnansweredCloses = row.GetInt32("UnansweredCloses") ?? 0,
            OpenKey = row.GetString("OpenRow") is { } open ? new(Text(row, "OpenPartition"), open) : null,
            RetryOf = row.GetString("RetryOf") is { } retryOf ? OrderId.Parse(retryOf) : null,
            Qr = row.GetString("Qr"),
            FailureMessage = row.GetString("FailureMessage"),
            Review = row.GetString("Review") is { } review ? Enum.Parse<ReviewReason>(review) : null,
            Acknowledged = row.GetString(AcknowledgedColumn) is { } acknowledged ? Enum.Parse<PayOutcome>(acknowledged) : null,
            SettlementDate = row.GetString("SettlementDate") is { } date ? DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture) : null,
            Payment = row.GetDateTimeOffset("PaidAt") is not { } paidAt ? null : new Payment(
                row.GetString("Wallet") is { } wallet ? Enum.Parse<Wallet>(wallet) : null,
                paidAt,
                Text(row, "ChannelTransactionNo"),
                row.GetString("WalletTransactionNo")),
        },
        row.ETag);

    private static void Set(TableEntity row, string column, string? value)
    {
        if (value is not null)
            row[column] = value;
    }

    private static string Text(TableEntity row, string column) => row.GetString(column) ?? throw Missing(row, column);

    private static DateTimeOffset Time(TableEntity row, string column) => row.GetDateTimeOffset(column) ?? throw Missing(row, column);

    private static InvalidOperationException Missing(TableEntity row, string column) => new($"Order {row.RowKey} has no {column}.");
}
