namespace CanteenPay.BankSimulator.Orders;

/// <summary>What came of a diner's tap on "pay".</summary>
internal enum PayResult
{
    Paid,
    AlreadyPaid,
    Closed,
    Expired,
}

/// <summary>A refusal with the gateway's code and message.</summary>
internal sealed record Refusal(string Code, string Message);

/// <summary>What the bank allows. Pure: the caller keeps the order and gives the time.</summary>
internal static class OrderRules
{
    /// <summary>The wallets allow 50 partial refunds of an order.</summary>
    public const int MaxRefunds = 50;

    public static (BankOrder Order, PayResult Result) Pay(BankOrder order, PayWallet wallet, DateTimeOffset now)
    {
        if (order.Payment is not null)
            return (order, PayResult.AlreadyPaid);
        if (order.Closed)
            return (order, PayResult.Closed);
        if (order.ExpiresAt <= now)
            return (order, PayResult.Expired);
        return Confirm(order, wallet, now, fault: null);
    }

    /// <summary>The wallet confirms a payment that the diner began before: neither an expiry nor a close stops it any more.</summary>
    public static (BankOrder Order, PayResult Result) Confirm(BankOrder order, PayWallet wallet, DateTimeOffset now, string? fault) => order.Payment is not null
        ? (order, PayResult.AlreadyPaid)
        : (order with { Payment = new BankPayment(wallet, now, BankNumbers.OfWallet(wallet, now), BankNumbers.OfPayer(wallet), fault) }, PayResult.Paid);

    public static (BankOrder Order, Refusal? Refusal) Close(BankOrder order, DateTimeOffset now, TimeSpan closeAfter)
    {
        if (order.Payment is not null)
            return (order, new Refusal("ORDERPAID", "订单已支付，不能关闭"));
        if (order.Closed)
            return (order, new Refusal("ORDERCLOSED", "订单已关闭"));
        if (now - order.CreatedAt < closeAfter)
            return (order, new Refusal("INVALID_REQUEST", "订单创建后5分钟内不能关闭"));
        return (order with { Closed = true }, null);
    }

    /// <summary>The same number with the same amount is the same refund, however often it is asked for.</summary>
    public static (BankOrder Order, BankRefund? Refund, Refusal? Refusal) Refund(
        BankOrder order, string outRefundNo, long totalFee, long refundFee, DateTimeOffset now, TimeSpan refundAfter)
    {
        if (order.Refunds.Find(r => r.OutRefundNo == outRefundNo) is { } known)
        {
            return known.RefundFee == refundFee
                ? (order, known, null)
                : (order, null, new Refusal("INVALID_REQUEST", "商户退款单号重复且金额不一致"));
        }

        if (order.Payment is null)
            return (order, null, new Refusal("TRADE_STATE_ERROR", "订单未支付，不能退款"));
        if (totalFee != order.TotalFee)
            return (order, null, new Refusal("REFUND_FEE_MISMATCH", "订单金额不一致"));
        if (refundFee > order.TotalFee - order.Refunded)
            return (order, null, new Refusal("REFUND_FEE_EXCEED", "退款金额大于可退金额"));
        if (order.Refunds.Count == MaxRefunds)
            return (order, null, new Refusal("INVALID_REQUEST", "部分退款次数超过限制"));
        var refund = new BankRefund(outRefundNo, BankNumbers.OfRefund(order.Merchant.MchId, now), refundFee, now + refundAfter);
        return (order with { Refunds = order.Refunds.Add(refund) }, refund, null);
    }
}
