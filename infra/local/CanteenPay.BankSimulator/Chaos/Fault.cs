namespace CanteenPay.BankSimulator.Chaos;

/// <summary>What the bank can be made to do wrong.</summary>
internal enum Fault
{
    Slow,
    RefuseToConnect,
    ServerError,
    LostAnswer,
    Unknown,
    BadSignature,
    WrongAmount,
    WrongMerchant,
    NotificationTwice,
    NotificationLost,
    NotificationDelayed,
    NotificationBeforeCreateAnswer,
    NotificationAgainAfterClose,
    PayInLastSecondOfClosing,
    PayAfterClose,
    RefundRefused,
    RefundSlow,
}

/// <summary>A fault as people read it and as JSON names it.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Group">The heading it stands under.</param>
/// <param name="Zh">What happens, for people.</param>
/// <param name="En">The same in English.</param>
/// <param name="Ms">For a fault that takes time, the milliseconds when none are given; null for the others.</param>
internal sealed record FaultText(Fault Fault, string Group, string Zh, string En, int? Ms = null)
{
    /// <summary>The name in JSON, e.g. <c>lostAnswer</c>.</summary>
    public string Name { get; } = char.ToLowerInvariant(Fault.ToString()[0]) + Fault.ToString()[1..];
}

/// <summary>All faults, in the order of <see cref="Fault"/>.</summary>
internal static class Faults
{
    private const string Gateway = "网关 Gateway";
    private const string Lies = "谎言，签名正确 Correctly signed lies";
    private const string Notifications = "通知 Notifications";
    private const string Closing = "关单前后 Around the close";
    private const string Refunds = "退款 Refunds";

    public static IReadOnlyList<FaultText> All { get; } =
    [
        new(Fault.Slow, Gateway, "回答迟到，事情立即办了", "answers come late, the effect at once", 3_000),
        new(Fault.RefuseToConnect, Gateway, "断开连接，什么也没办", "the connection is closed, nothing happened"),
        new(Fault.ServerError, Gateway, "回 500，什么也没办", "500, nothing happened"),
        new(Fault.LostAnswer, Gateway, "办了，但回答丢了：500、断开、只来一半", "it happened, the answer is a 500, nothing, or half of it"),
        new(Fault.Unknown, Gateway, "SYSTEMERROR、need_query=Y，也许办了", "signed SYSTEMERROR with need_query=Y, it happened or not"),
        new(Fault.BadSignature, Gateway, "办了，回答的签名不对", "it happened, the answer's signature is wrong"),
        new(Fault.WrongAmount, Lies, "查询和通知里金额不对", "another amount in query answers and notifications"),
        new(Fault.WrongMerchant, Lies, "查询和通知里商户号不对", "another merchant in query answers and notifications"),
        new(Fault.NotificationTwice, Notifications, "通知同时来两次", "arrives twice at once"),
        new(Fault.NotificationLost, Notifications, "通知丢了一次", "this try is lost"),
        new(Fault.NotificationDelayed, Notifications, "通知迟到", "arrives late", 10_000),
        new(Fault.NotificationBeforeCreateAnswer, Notifications, "下单还没回答，就已付款并通知", "paid and notified before the create is answered"),
        new(Fault.NotificationAgainAfterClose, Notifications, "请求关单以后，通知再来一次", "comes again after a close was asked"),
        new(Fault.PayInLastSecondOfClosing, Closing, "关单的同时付款成功", "paid while the close arrives"),
        new(Fault.PayAfterClose, Closing, "关单以后钱包才确认付款", "the wallet confirms a payment after the close"),
        new(Fault.RefundRefused, Refunds, "余额不足，拒绝退款", "refused, the balance is too low"),
        new(Fault.RefundSlow, Refunds, "退款处理得更久", "is processed for longer", 5_000),
    ];

    public static FaultText Of(Fault fault) => All[(int)fault];
}
