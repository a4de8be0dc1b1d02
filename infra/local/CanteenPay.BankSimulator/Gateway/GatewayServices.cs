using System.Globalization;
using System.Net;
using CanteenPay.BankSimulator.Orders;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The services of <c>POST /pay/gateway</c>.</summary>
internal sealed class GatewayServices(OrderBook book, BankSettings settings, TimeProvider time, ILogger<GatewayServices> logger)
{
    /// <summary>Answers one request; <paramref name="calledBy"/> is the address the gateway was called by.</summary>
    public string Answer(byte[] body, string calledBy)
    {
        if (BankXml.Parse(body) is not { } request)
            return GatewayAnswer.Error("XML格式错误");
        if (!settings.Merchants.TryGetValue(Field(request, "mch_id"), out var merchant) || !BankSigning.IsSignedBy(merchant, request))
        {
            logger.LogWarning("A request for the merchant {MchId} was not signed by it", WebUtility.UrlEncode(Field(request, "mch_id")));
            return GatewayAnswer.Error("签名错误");
        }

        return Field(request, "service") switch
        {
            "unified.trade.native" => Create(merchant, request, calledBy),
            "unified.trade.query" => Query(merchant, request),
            "unified.trade.close" => Close(merchant, request),
            "unified.trade.refund" => Refund(merchant, request),
            "unified.trade.refundquery" => RefundQuery(merchant, request),
            var service => Refuse(merchant, "SERVICE_NOT_EXIST", $"不支持的接口 {service}"),
        };
    }

    private string Create(BankMerchant merchant, SortedDictionary<string, string> request, string calledBy)
    {
        var outTradeNo = Field(request, "out_trade_no");
        if (outTradeNo.Length is 0 or > 32 || Fen(request, "total_fee") is not { } fee || Field(request, "body") == "" || Field(request, "mch_create_ip") == ""
            || !Uri.TryCreate(Field(request, "notify_url"), UriKind.Absolute, out var notifyUrl) || notifyUrl.Scheme is not ("http" or "https"))
            return Refuse(merchant, "PARAM_ERROR", "参数错误");
        var (start, expire) = (Field(request, "time_start"), Field(request, "time_expire"));
        var expiresAt = start != "" && expire != "" ? BankTime.Parse(expire) : null;
        if (start != "" && expire != "" && (expiresAt is null || BankTime.Parse(start) is not { } startsAt || expiresAt <= startsAt))
            return Refuse(merchant, "PARAM_ERROR", "time_start/time_expire 格式错误");
        if (book.IsFull)
            return GatewayAnswer.Refused(merchant, new Refusal("SYSTEMERROR", "系统繁忙"), "Y");

        var token = BankNumbers.Token();
        var url = $"{settings.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? calledBy}/q/{token}";
        var added = book.TryAdd(new BankOrder
        {
            Merchant = merchant,
            OutTradeNo = outTradeNo,
            Token = token,
            TransactionId = BankNumbers.OfOrder(merchant.MchId, time.GetUtcNow()),
            TotalFee = fee,
            Body = Field(request, "body"),
            NotifyUrl = Field(request, "notify_url"),
            PayUrl = url,
            Attach = Field(request, "attach"),
            DeviceInfo = Field(request, "device_info"),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
        });
        // As the real gateway: the second create learns nothing but that there was a first, and gets no QR.
        return added
            ? GatewayAnswer.Done(merchant, ("code_url", url), ("code_img_url", $"{url}/code.svg"), ("uuid", token))
            : GatewayAnswer.Refused(merchant, new Refusal("INVALID_REQUEST", "201 商户订单号重复"), "Y");
    }

    private string Query(BankMerchant merchant, SortedDictionary<string, string> request)
    {
        if (Find(merchant, request) is not { } order)
            return Refuse(merchant, "ORDERNOTEXIST", "订单不存在");
        var description = order.TradeState switch
        {
            "SUCCESS" => "支付成功",
            "REFUND" => "转入退款",
            "CLOSED" => "已关闭",
            _ => "未支付",
        };
        return GatewayAnswer.Done(merchant, [.. PaymentFields.Of(order), ("trade_state", order.TradeState), ("trade_state_desc", description)]);
    }

    private string Close(BankMerchant merchant, SortedDictionary<string, string> request)
    {
        if (Find(merchant, request) is not { } order)
            return Refuse(merchant, "ORDERNOTEXIST", "订单不存在");
        var refusal = book.Change(order.Token, o => OrderRules.Close(o, time.GetUtcNow(), settings.CloseAfter));
        return refusal is null ? GatewayAnswer.Done(merchant, ("out_trade_no", order.OutTradeNo)) : GatewayAnswer.Refused(merchant, refusal);
    }

    private string Refund(BankMerchant merchant, SortedDictionary<string, string> request)
    {
        if (Find(merchant, request) is not { } order)
            return Refuse(merchant, "ORDERNOTEXIST", "订单不存在");
        var outRefundNo = Field(request, "out_refund_no");
        if (outRefundNo.Length is 0 or > 32 || Fen(request, "total_fee") is not { } total || Fen(request, "refund_fee") is not { } fee || Field(request, "op_user_id") == "")
            return Refuse(merchant, "PARAM_ERROR", "参数错误");
        var (refund, refusal) = book.Change(order.Token, o =>
        {
            var made = OrderRules.Refund(o, outRefundNo, total, fee, time.GetUtcNow(), settings.RefundAfter);
            return (made.Order, (made.Refund, made.Refusal));
        });
        return refusal is not null
            ? GatewayAnswer.Refused(merchant, refusal, "N")
            : GatewayAnswer.Done(
                merchant,
                ("out_trade_no", order.OutTradeNo),
                ("transaction_id", order.TransactionId),
                ("out_refund_no", refund!.OutRefundNo),
                ("refund_id", refund.RefundId),
                ("refund_channel", "ORIGINAL"),
                ("refund_fee", Text(refund.RefundFee)));
    }

    private string RefundQuery(BankMerchant merchant, SortedDictionary<string, string> request)
    {
        if (Find(merchant, request) is not { } order)
            return Refuse(merchant, "ORDERNOTEXIST", "订单不存在");
        var wanted = Field(request, "out_refund_no");
        var refunds = order.Refunds.FindAll(r => wanted == "" || r.OutRefundNo == wanted);
        if (refunds.IsEmpty)
            return Refuse(merchant, "REFUNDNOTEXIST", "退款不存在");
        var now = time.GetUtcNow();
        return GatewayAnswer.Done(
            merchant,
            [
                ("out_trade_no", order.OutTradeNo),
                ("transaction_id", order.TransactionId),
                ("refund_count", Text(refunds.Count)),
                .. refunds.SelectMany((r, n) => RefundFields(r, n, now)),
            ]);
    }

    private static IEnumerable<(string Name, string Value)> RefundFields(BankRefund refund, int n, DateTimeOffset now)
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

    private BankOrder? Find(BankMerchant merchant, SortedDictionary<string, string> request) =>
        book.Find(merchant.MchId, Field(request, "out_trade_no"), Field(request, "transaction_id"));

    private static string Refuse(BankMerchant merchant, string code, string message) => GatewayAnswer.Refused(merchant, new Refusal(code, message), "N");

    private static string Field(SortedDictionary<string, string> request, string name) => request.GetValueOrDefault(name, "");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Fen(SortedDictionary<string, string> request, string name) =>
        long.TryParse(Field(request, name), NumberStyles.None, CultureInfo.InvariantCulture, out var fen) && fen is > 0 and <= 9_999_999_999 ? fen : null;
}
