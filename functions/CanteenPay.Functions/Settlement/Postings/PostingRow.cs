using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Postings;

/// <summary>A posting as the table <c>Postings</c> holds it: partition <c>{merchantId}-{settlementDate}</c>, the row is its key.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Day">The settlement date on which it counts.</param>
/// <param name="Posting">What happened.</param>
internal sealed record PostingRow(MerchantId Merchant, DateOnly Day, Posting Posting) : ITableEntity<PostingRow>
{
    /// <summary>The partition of a merchant's day.</summary>
    public static string Partition(MerchantId merchant, DateOnly day) => $"{merchant}-{BusinessDay.Key(day)}";

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Partition(Merchant, Day), Posting.Key)
        {
            ["Kind"] = Posting.Kind.ToString(),
            ["OrderId"] = Posting.Order.Value,
            ["Refund"] = Posting.Refund,
            ["AmountFen"] = Posting.Amount.Value,
            ["At"] = Posting.At,
            ["RateBasisPoints"] = Posting.RateBasisPoints,
            ["BankCostBasisPoints"] = Posting.BankCostBasisPoints,
            ["IsLate"] = Posting.IsLate,
            ["IsBelated"] = Posting.IsBelated,
        };
        row.SetIfAny("EventDay", Posting.EventDay);
        row.SetIfAny("PaidDay", Posting.PaidDay);
        row.SetIfAny("Wallet", Posting.Wallet?.ToString());
        row.SetIfAny("ChannelNo", Posting.ChannelNo);
        if (Posting.Before is { } before)
        {
            row["SettledFen"] = before.Settled.Value;
            row["RefundedBeforeFen"] = before.Refunded.Value;
            row["FeeReturnedBeforeFen"] = before.FeeReturned.Value;
            row["BankReturnedBeforeFen"] = before.BankReturned.Value;
        }

        return row;
    }

    /// <inheritdoc/>
    public static PostingRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey[..MerchantId.Length]),
        DateOnly.ParseExact(row.PartitionKey.AsSpan(MerchantId.Length + 1), "yyyyMMdd", CultureInfo.InvariantCulture),
        new()
        {
            Key = row.RowKey,
            Kind = Enum.Parse<PostingKind>(row.Text("Kind")),
            Order = OrderId.Parse(row.Text("OrderId")),
            Refund = row.GetInt32("Refund") ?? 0,
            Amount = row.Fen("AmountFen"),
            At = row.Time("At"),
            EventDay = row.Date("EventDay") ?? throw new InvalidOperationException($"The posting {row.RowKey} has no EventDay."),
            PaidDay = row.Date("PaidDay") ?? throw new InvalidOperationException($"The posting {row.RowKey} has no PaidDay."),
            RateBasisPoints = row.GetInt32("RateBasisPoints") ?? throw new InvalidOperationException($"The posting {row.RowKey} has no rate."),
            BankCostBasisPoints = row.GetInt32("BankCostBasisPoints") ?? throw new InvalidOperationException($"The posting {row.RowKey} has no bank's part."),
            IsLate = row.GetBoolean("IsLate") ?? false,
            IsBelated = row.GetBoolean("IsBelated") ?? false,
            Wallet = row.Name<Wallet>("Wallet"),
            ChannelNo = row.GetString("ChannelNo"),
            Before = row.GetInt64("SettledFen") is not { } settled ? null
                : new(new(settled), row.Fen("RefundedBeforeFen"), row.Fen("FeeReturnedBeforeFen"), row.Fen("BankReturnedBeforeFen")),
        });
}
