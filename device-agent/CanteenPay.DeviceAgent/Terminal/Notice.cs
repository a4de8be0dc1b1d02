namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>A sentence for the cashier.</summary>
internal enum Notice
{
    /// <summary>网络未连接，无法云支付.</summary>
    Offline,

    /// <summary>金额不能为0.</summary>
    NoAmount,

    /// <summary>Too many messages wait for the cloud.</summary>
    OutboxFull,

    /// <summary>本机故障: what happened could not be stored.</summary>
    Fault,

    /// <summary>No order was chosen for a refund.</summary>
    RefundNone,

    /// <summary>This order cannot be refunded: not paid, or nothing is left.</summary>
    RefundNotAllowed,

    /// <summary>Paid on another day: that is for the office.</summary>
    RefundNotToday,

    /// <summary>A refund of this order has no end yet.</summary>
    RefundRunning,

    /// <summary>More than what is left.</summary>
    RefundTooMuch,

    /// <summary>网络未连接，不能退款.</summary>
    RefundOffline,

    /// <summary>This machine has no manager's PIN.</summary>
    RefundOff,

    /// <summary>Too many wrong PINs.</summary>
    PinLocked,

    /// <summary>时间未校准.</summary>
    ClockUnknown,

    /// <summary>请先取消云支付: a card while somebody pays by phone.</summary>
    CancelFirst,

    /// <summary>A card while a manager is being asked.</summary>
    ManagerFirst,

    /// <summary>A card that needs no key, while an amount for cloud pay stands on the screen: it would pay another one.</summary>
    ClearFirst,

    /// <summary>请重新刷卡: the card left too early.</summary>
    TapAgain,

    /// <summary>The same card twice, while the next amount is being keyed.</summary>
    CardRepeated,

    /// <summary>没有这个编号.</summary>
    NoSuchItem,

    /// <summary>Too many items, or too much money for one tap.</summary>
    BasketFull,

    /// <summary>已撤销上一笔: said while the next amount is being keyed.</summary>
    Undone,

    /// <summary>没有可撤销的消费.</summary>
    UndoNothing,

    /// <summary>超过撤销时间.</summary>
    UndoTooLate,

    /// <summary>数据存满.</summary>
    StoreFull,

    /// <summary>正在下载卡数据: nothing can be taken back before.</summary>
    NotSynced,

    /// <summary>This machine has no manager's PIN: its mode is what the settings say.</summary>
    ModeOff,

    /// <summary>未开通刷卡.</summary>
    CardsOff,
}
