using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Settlement.Postings;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>A refund as the table <c>Orders</c> holds it, in the partition of its order, with the version that a conditional write names.</summary>
internal sealed record RefundRow(Refund Refund, ETag Version) : ITableEntity<RefundRow>
{
    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(OrderRow.Partition(Refund.Id.Order), Refund.Id.Value)
        {
            ["State"] = Refund.State.ToString(),
            ["AmountFen"] = Refund.Amount.Value,
            ["Origin"] = Refund.Origin.ToString(),
            ["Key"] = Refund.Key,
            ["ChannelNo"] = Refund.Id.ChannelNo,
            ["CreatedAt"] = Refund.CreatedAt,
            ["OpenPartition"] = Refund.OpenKey.Partition,
            ["OpenRow"] = Refund.OpenKey.Row,
        };
        row.SetIfAny("Reason", Refund.Reason);
        row.SetIfAny("ChannelRefundNo", Refund.ChannelRefundNo);
        row.SetIfAny("RefundedAt", Refund.RefundedAt);
        row.SetIfAny("ConfirmedAt", Refund.ConfirmedAt);
        row.SetIfAny("SettlementDate", Refund.SettlementDate);
        row.SetIfAny(AdjustedDays.Column, Refund.AdjustedDay);
        row.SetIfAny("RefusedAt", Refund.RefusedAt);
        row.SetIfAny("RefusalCode", Refund.RefusalCode);
        row.SetIfAny("RefusalMessage", Refund.RefusalMessage);
        if (Refund.Fee is { } fee)
        {
            row["FeeChargedFen"] = fee.Charged.Value;
            row["RefundedBeforeFen"] = fee.RefundedBefore.Value;
            row["FeeReturnedBeforeFen"] = fee.ReturnedBefore.Value;
            row["FeeReturnedFen"] = fee.Returned.Value;
            row["BankChargedFen"] = fee.Bank.Charged.Value;
            row["BankReturnedBeforeFen"] = fee.Bank.ReturnedBefore.Value;
            row["BankReturnedFen"] = fee.Bank.Returned.Value;
        }

        return row;
    }

    /// <inheritdoc/>
    public static RefundRow FromTableEntity(TableEntity row) => new(
        new Refund
        {
            Id = RefundId.Parse(row.RowKey),
            State = Enum.Parse<RefundState>(row.Text("State")),
            Amount = row.Fen("AmountFen"),
            Origin = Enum.Parse<RefundOrigin>(row.Text("Origin")),
            Key = row.Text("Key"),
            Reason = row.GetString("Reason"),
            CreatedAt = row.Time("CreatedAt"),
            OpenKey = new(row.Text("OpenPartition"), row.Text("OpenRow")),
            ChannelRefundNo = row.GetString("ChannelRefundNo"),
            RefundedAt = row.GetDateTimeOffset("RefundedAt"),
            ConfirmedAt = row.GetDateTimeOffset("ConfirmedAt"),
            SettlementDate = row.Date("SettlementDate"),
            AdjustedDay = row.Date(AdjustedDays.Column),
            RefusedAt = row.GetDateTimeOffset("RefusedAt"),
            RefusalCode = row.GetString("RefusalCode"),
            RefusalMessage = row.GetString("RefusalMessage"),
            Fee = row.GetInt64("FeeReturnedFen") is not { } returned ? null
                : new(
                    row.Fen("FeeChargedFen"), row.Fen("RefundedBeforeFen"), row.Fen("FeeReturnedBeforeFen"), new Fen(returned),
                    new(row.Fen("BankChargedFen"), row.Fen("BankReturnedBeforeFen"), row.Fen("BankReturnedFen"))),
        },
        row.ETag);
}
