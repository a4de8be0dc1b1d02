namespace CanteenPay.Channels.SwiftPass;

/// <summary>What queries and notifications have in common: the facts of a payment.</summary>
internal static class SwiftPassPayment
{
    /// <summary>The facts, or the doubt when one that money depends on is missing or unreadable.</summary>
    public static (PaymentFacts? Facts, Doubt? Doubt) Read(SwiftPassReply reply, bool refunded)
    {
        if (reply["out_trade_no"] is not { } orderNo)
            return (null, SwiftPassReply.Unreadable("out_trade_no"));
        if (reply.Fen("total_fee") is not { } amount)
            return (null, SwiftPassReply.Unreadable("total_fee"));
        if (reply["transaction_id"] is not { } transaction)
            return (null, SwiftPassReply.Unreadable("transaction_id"));
        if ((SwiftPassTime.Parse(reply["time_end"]) ?? SwiftPassTime.Parse(reply["gmt_payment"])) is not { } paidAt)
            return (null, SwiftPassReply.Unreadable("time_end"));
        return (new PaymentFacts
        {
            AmountFen = amount,
            Currency = reply["fee_type"] ?? "CNY",
            MerchantId = reply["mch_id"]!,
            OrderNo = orderNo,
            Wallet = WalletOf(reply["trade_type"]),
            ChannelTransactionNo = transaction,
            WalletTransactionNo = reply["out_transaction_id"],
            PaidAt = paidAt,
            Refunded = refunded,
            Attach = reply["attach"],
        }, null);
    }

    /// <summary>By prefix: newer gateways append versions, as in <c>pay.weixin.jspayv3.f6</c>.</summary>
    private static Wallet WalletOf(string? tradeType) => tradeType switch
    {
        null => Wallet.Other,
        _ when tradeType.StartsWith("pay.weixin.", StringComparison.Ordinal) => Wallet.WeChat,
        _ when tradeType.StartsWith("pay.alipay.", StringComparison.Ordinal) => Wallet.Alipay,
        _ when tradeType.StartsWith("pay.unionpay.", StringComparison.Ordinal) => Wallet.UnionPay,
        _ => Wallet.Other,
    };
}
