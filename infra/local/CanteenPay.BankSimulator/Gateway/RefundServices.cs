using System.Globalization;
using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Orders;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>Money goes back, and merchants ask whether it has.</summary>
internal sealed class RefundServices(OrderBook book, ChaosBoard chaos, BankSettings settings, TimeProvider time)
{
    public Fields Refund(GatewayRequest request)
    {
        if (Find(request) is not { } order)
            return NotFound;
        var outRefundNo = request["out_refund_no"];
        if (outRefundNo.Length is 0 or > 32 || request.Fen("total_fee") is not { } total || request.Fen("refund_fee") is not { } fee || request["op_user_id"] == "")
            return GatewayAnswer.Refused("PARAM_ERROR", "参数错误");
        var (refund, refusal) = book.Change<(BankRefund?, Refusal?)>(
            order.Token,
            o =>
            {
                var (made, refund, refusal) = OrderRules.Refund(o, outRefundNo, total, fee, time.GetUtcNow(), settings.RefundAfter);
                // Only a refund that is new may be refused or slow: the bank stands by one that it took before.
                if (ReferenceEquals(made, o))
                    return (o, (refund, refusal));
                if (chaos.Strikes(o.OutTradeNo, Fault.RefundRefused))
                    return (o, (null, new Refusal("NOTENOUGH", "商户可用余额不足，退款失败")));
                if (chaos.DelayOf(o.OutTradeNo, Fault.RefundSlow) is not { } longer)
                    return (made, (refund, null));
                var slow = refund! with { DoneAt = refund.DoneAt + longer };
                return (o with { Refunds = o.Refunds.Add(slow) }, (slow, null));
            },
            (null, new Refusal("ORDERNOTEXIST", "订单不存在")));
        return refusal is not null
            ? GatewayAnswer.Refused(refusal, "N")
            : GatewayAnswer.Done(
                ("out_trade_no", order.OutTradeNo),
                ("transaction_id", order.TransactionId),
                ("out_refund_no", refund!.OutRefundNo),
                ("refund_id", refund.RefundId),
                ("refund_channel", "ORIGINAL"),
                ("refund_fee", Text(refund.RefundFee)));
    }

    public Fields Query(GatewayRequest request)
    {
        if (Find(request) is not { } order)
            return NotFound;
        var wanted = request["out_refund_no"];
        var refunds = order.Refunds.FindAll(r => wanted == "" || r.OutRefundNo == wanted);
        if (refunds.IsEmpty)
            return GatewayAnswer.Refused("REFUNDNOTEXIST", "退款不存在");
        var now = time.GetUtcNow();
        return GatewayAnswer.Done(
        [
            ("out_trade_no", order.OutTradeNo),
            ("transaction_id", order.TransactionId),
            ("refund_count", Text(refunds.Count)),
            .. refunds.SelectMany((r, n) => FieldsOf(r, n, now)),
        ]);
    }

    private static IEnumerable<(string Name, string Value)> FieldsOf(BankRefund refund, int n, DateTimeOffset now)
    {
        var done = refund.DoneAt <= now;
        yield return ($"out_refund_no_{n}", refund.OutRefundNo);
        yield return ($"refund_id_{n}", refund.RefundId);
        yield return ($"refund_channel_{n}", "ORIGINAL");
        yield return ($"refund_fee_{n}", Text(refund.RefundFee));
        yield return ($"refund_status_{n}", done ? "SUCCESS" : "PROCESSING");
        if (done)
            yield return ($"refund_time_{n}", BankTime.Format(refund.DoneAt));
    }

    private static Fields NotFound => GatewayAnswer.Refused("ORDERNOTEXIST", "订单不存在");

    private BankOrder? Find(GatewayRequest request) => book.Find(request.Merchant.MchId, request["out_trade_no"], request["transaction_id"]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
