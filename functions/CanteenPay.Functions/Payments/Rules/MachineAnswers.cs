using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>What a machine is told of an order.</summary>
internal static class MachineAnswers
{
    /// <summary>A payment is spoken within this time, or only shown (design, invariant 5).</summary>
    public static readonly TimeSpan SpokenWithin = TimeSpan.FromSeconds(60);

    /// <summary>How the order stands: its QR, its refusal or its result; null while the channel is being asked for a QR.</summary>
    /// <param name="order">The order.</param>
    /// <param name="mayBeSpoken">Whether the machine may say it aloud: true until the first publish is known to have been made, or when it asks itself.</param>
    /// <param name="now">The cloud's clock.</param>
    public static MachineAnswer? For(Order order, bool mayBeSpoken, DateTimeOffset now) => order switch
    {
        { IsTombstone: true } => Refused(order.Id, RefusalCode.Cancelled),
        { State: OrderState.Requested } => null,
        { State: OrderState.AwaitingPayment } => Qr(order, now),
        { State: OrderState.Failed } => Failed(order),
        _ => Result(order, mayBeSpoken, now),
    };

    /// <summary>The words with which an order is refused.</summary>
    public static MachineAnswer Refused(OrderId order, string code) => new(new PayRefused { OrderId = order, Code = code, Message = Words(code) });

    private static MachineAnswer Failed(Order order) => new(new PayRefused
    {
        OrderId = order.Id,
        Code = RefusalCode.ChannelRefused,
        Message = new($"银行拒绝下单：{order.FailureMessage}", $"The bank refused the order: {order.FailureMessage}"),
    });

    private static MachineAnswer Qr(Order order, DateTimeOffset now)
    {
        var remaining = Math.Max(0, (int)(order.ExpiresAt - now).TotalSeconds);
        return new(
            new PayQr { OrderId = order.Id, Amount = order.Amount, Qr = order.Qr!, ExpiresInS = remaining },
            TimeSpan.FromSeconds(Math.Max(1, remaining)));
    }

    private static MachineAnswer Result(Order order, bool mayBeSpoken, DateTimeOffset now)
    {
        var outcome = order.Outcome!.Value;
        var paid = outcome == PayOutcome.Paid ? order.Payment! : null;
        // The channel's clock may be a little ahead of ours; if it is far ahead, nobody knows how old the payment is.
        var age = paid is null || paid.PaidAt > now ? TimeSpan.Zero : now - paid.PaidAt;
        var fresh = paid is not null && age < SpokenWithin && paid.PaidAt - now < SpokenWithin && order.Review is not ReviewReason.RefundedElsewhere;
        var speech = mayBeSpoken && fresh ? Utterance.Paid(order.Amount, paid!.Wallet) : null;
        return new(
            new PayResult
            {
                OrderId = order.Id,
                Amount = order.Amount,
                Outcome = outcome,
                Wallet = paid?.Wallet,
                PaidAt = paid is null ? null : BusinessDay.Local(paid.PaidAt),
                AgeMs = paid is null ? null : (long)age.TotalMilliseconds,
                Say = speech?.Words,
                Clips = speech?.ClipIds,
            },
            speech is null ? null : TimeSpan.FromSeconds(Math.Max(1, Math.Floor((SpokenWithin - age).TotalSeconds))));
    }

    private static BilingualText Words(string code) => code switch
    {
        RefusalCode.DeviceNotAllowed => new("本机未登记或已停用，请联系管理员", "This machine is not enrolled or is blocked: call the operator"),
        RefusalCode.MerchantNotActive => new("商户未开通云支付", "This merchant has no cloud pay"),
        RefusalCode.AmountNotAllowed => new("金额不正确", "This amount cannot be paid"),
        RefusalCode.BadRequest => new("本机设置有误，请联系管理员", "This machine's settings are wrong: call the operator"),
        RefusalCode.RequestTooOld => new("请求已过期，请重新收款", "The request came too late: key it again"),
        RefusalCode.OrderIdReused => new("订单号重复，请重新收款", "The order number was used before: key it again"),
        RefusalCode.Cancelled => new("已取消", "Cancelled"),
        RefusalCode.UnknownOrder => new("没有此订单", "There is no such order"),
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "No words for this refusal."),
    };
}

/// <summary>A message to a machine and how long the broker may hold it.</summary>
internal sealed record MachineAnswer(DeviceMessage Message, TimeSpan? Expiry = null);
