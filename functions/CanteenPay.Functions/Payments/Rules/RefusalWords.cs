using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>What a cashier reads when an order or a refund is refused.</summary>
internal static class RefusalWords
{
    /// <summary>The words of a <see cref="RefusalCode"/> in both languages.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are none: the code is not one, or its words come from the channel.</exception>
    public static BilingualText Of(string code) => code switch
    {
        RefusalCode.DeviceNotAllowed => new("本机未登记或已停用，请联系管理员", "This machine is not enrolled or is blocked: call the operator"),
        RefusalCode.MerchantNotActive => new("商户未开通云支付", "This merchant has no cloud pay"),
        RefusalCode.MerchantSuspended => new("服务已暂停", "The service is suspended"),
        RefusalCode.ServiceEnded => new("该商户服务已到期，请联系经销商", "The service has ended: call your distributor"),
        RefusalCode.AmountNotAllowed => new("金额不正确", "This amount cannot be paid"),
        RefusalCode.BadRequest => new("本机设置有误，请联系管理员", "This machine's settings are wrong: call the operator"),
        RefusalCode.RequestTooOld => new("请求已过期，请重新收款", "The request came too late: key it again"),
        RefusalCode.OrderIdReused => new("订单号重复，请重新收款", "The order number was used before: key it again"),
        RefusalCode.Cancelled => new("已取消", "Cancelled"),
        RefusalCode.UnknownOrder => new("没有此订单", "There is no such order"),
        RefusalCode.RefundNotAllowed => new("不能退款：仅限当日已支付的订单", "No refund: only of an order that was paid today"),
        RefusalCode.RefundTooMuch => new("超过可退金额", "More than is left of the payment"),
        RefusalCode.RefundKeyReused => new("退款请求重复，请重新操作", "This refund was asked for before with another amount: begin anew"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "No words for this refusal."),
    };
}
