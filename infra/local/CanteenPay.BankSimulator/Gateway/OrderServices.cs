using CanteenPay.BankSimulator.Chaos;
using CanteenPay.BankSimulator.Orders;
using CanteenPay.BankSimulator.Phone;
using Fields = System.Collections.Generic.IReadOnlyList<(string Name, string Value)>;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>Orders are made, looked at and closed.</summary>
internal sealed class OrderServices(OrderBook book, PaymentDesk desk, ChaosBoard chaos, AfterClose afterClose, BankSettings settings, TimeProvider time)
{
    /// <summary>The longest that an answer waits for a merchant to take a notification: a little more than one try.</summary>
    private static readonly TimeSpan NotificationFirst = TimeSpan.FromSeconds(6);

    public async Task<Fields> CreateAsync(GatewayRequest request)
    {
        if (OrderOf(request) is not { } order)
            return GatewayAnswer.Refused("PARAM_ERROR", "参数错误");
        if (!book.MakeRoom(time.GetUtcNow()))
            return GatewayAnswer.Refused(new Refusal("SYSTEMERROR", "系统繁忙"), "Y");
        // As the real gateway: the second create learns nothing but that there was a first, and gets no QR.
        if (!book.TryAdd(order))
            return GatewayAnswer.Refused(new Refusal("INVALID_REQUEST", "201 商户订单号重复"), "Y");
        if (chaos.Strikes(order.OutTradeNo, Fault.NotificationBeforeCreateAnswer))
        {
            var told = desk.Confirm(order.Token, chaos.PickWallet(order.OutTradeNo, Fault.NotificationBeforeCreateAnswer), Fault.NotificationBeforeCreateAnswer);
            await Task.WhenAny(told, Task.Delay(NotificationFirst, time));
        }

        return GatewayAnswer.Done(("code_url", order.PayUrl), ("code_img_url", $"{order.PayUrl}/code.svg"), ("uuid", order.Token));
    }

    public Fields Query(GatewayRequest request)
    {
        if (Find(request) is not { } order)
            return NotFound;
        var description = order.TradeState switch
        {
            "SUCCESS" => "支付成功",
            "REFUND" => "转入退款",
            "CLOSED" => "已关闭",
            _ => "未支付",
        };
        return GatewayAnswer.Done([.. PaymentFields.Of(order), ("trade_state", order.TradeState), ("trade_state_desc", description)]);
    }

    public Fields Close(GatewayRequest request)
    {
        if (Find(request) is not { } order)
            return NotFound;
        var now = time.GetUtcNow();
        // Only where the close would have been granted: a diner who pays much earlier is no fault.
        if (OrderRules.Close(order, now, settings.CloseAfter).Refusal is null && chaos.Strikes(order.OutTradeNo, Fault.PayInLastSecondOfClosing))
            _ = desk.Confirm(order.Token, chaos.PickWallet(order.OutTradeNo, Fault.PayInLastSecondOfClosing), Fault.PayInLastSecondOfClosing);
        var (closed, refusal) = book.Change(
            order.Token,
            o =>
            {
                var asked = OrderRules.Close(o, now, settings.CloseAfter);
                return (asked.Order, (asked.Order, asked.Refusal));
            },
            (order, new Refusal("ORDERNOTEXIST", "订单不存在")));
        afterClose.Begin(closed);
        return refusal is null ? GatewayAnswer.Done(("out_trade_no", order.OutTradeNo)) : GatewayAnswer.Refused(refusal);
    }

    private static Fields NotFound => GatewayAnswer.Refused("ORDERNOTEXIST", "订单不存在");

    /// <summary>The order that a create asks for; null when a field is missing or wrong.</summary>
    private BankOrder? OrderOf(GatewayRequest request)
    {
        var outTradeNo = request["out_trade_no"];
        if (outTradeNo.Length is 0 or > 32 || request.Fen("total_fee") is not { } fee || request["body"] == "" || request["mch_create_ip"] == ""
            || !Uri.TryCreate(request["notify_url"], UriKind.Absolute, out var notifyUrl) || notifyUrl.Scheme is not ("http" or "https"))
            return null;
        var (start, expire) = (request["time_start"], request["time_expire"]);
        var expiresAt = start != "" && expire != "" ? BankTime.Parse(expire) : null;
        if (start != "" && expire != "" && (expiresAt is null || BankTime.Parse(start) is not { } startsAt || expiresAt <= startsAt))
            return null;
        var (now, token) = (time.GetUtcNow(), BankNumbers.Token());
        return new BankOrder
        {
            Merchant = request.Merchant,
            OutTradeNo = outTradeNo,
            Token = token,
            TransactionId = BankNumbers.OfOrder(request.Merchant.MchId, now),
            TotalFee = fee,
            Body = request["body"],
            NotifyUrl = request["notify_url"],
            PayUrl = $"{settings.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? request.CalledBy}/q/{token}",
            Attach = request["attach"],
            DeviceInfo = request["device_info"],
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
    }

    private BankOrder? Find(GatewayRequest request) => book.Find(request.Merchant.MchId, request["out_trade_no"], request["transaction_id"]);
}
