using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What becomes of a card on the reader.</summary>
internal abstract record TapDecision;

/// <summary>Approved, as soon as it is stored.</summary>
internal sealed record TapApproved(Tap Tap) : TapDecision;

/// <summary>The same card again within <see cref="TapRules.SameCard"/>: it was debited once, and is shown once more.</summary>
internal sealed record TapRepeated(Tap Tap) : TapDecision;

/// <summary>Nothing is to be paid: what the card holds is shown.</summary>
/// <param name="Holder">The holder.</param>
/// <param name="Subsidy">What can be spent of the subsidies today, in fen.</param>
/// <param name="Cash">What can be spent of the cash, in fen.</param>
internal sealed record BalanceAsked(string? Holder, Fen Subsidy, Fen Cash) : TapDecision;

/// <summary>Refused.</summary>
/// <param name="Why">Why.</param>
/// <param name="Left">What can still be spent, in fen; null where it is nobody's business.</param>
internal sealed record TapRefused(TapRefusal Why, Fen? Left = null) : TapDecision;

/// <summary>Why a card is refused. Each has its words and its sound.</summary>
internal enum TapRefusal
{
    /// <summary>非法卡: no account here has this card.</summary>
    UnknownCard,

    /// <summary>挂失卡: reported lost.</summary>
    LostCard,

    /// <summary>注销卡: the card was replaced, or its account is closing or closed.</summary>
    CancelledCard,

    /// <summary>余额不足.</summary>
    NotEnough,

    /// <summary>单笔限额: too much for one tap.</summary>
    OverTapLimit,

    /// <summary>限额: too much for this meal or day.</summary>
    OverAmountLimit,

    /// <summary>限次: too many taps at this meal or on this day.</summary>
    OverCountLimit,

    /// <summary>不在消费时段: no meal now, or not one of this card's.</summary>
    OutsideMeal,

    /// <summary>设置错误: the card's type, or the meal's price, is not set.</summary>
    NotSet,

    /// <summary>请重新刷卡: the card left too early.</summary>
    TapAgain,

    /// <summary>待上传金额已满: the cap of what this account spent here and the cloud has not booked.</summary>
    OverUnbookedCap,

    /// <summary>离线超时: this machine has not heard the cloud for too long.</summary>
    OfflineTooLong,

    /// <summary>数据存满.</summary>
    StoreFull,

    /// <summary>正在下载卡数据: a new journal approves nothing before it has every account.</summary>
    NotSynced,

    /// <summary>正在校准时间: the cloud has never told this machine its time.</summary>
    ClockUnknown,

    /// <summary>未开通刷卡: the merchant takes no cards, or its rules have not come yet.</summary>
    NotOffered,

    /// <summary>键盘读卡未开通: a typed UID pays only where the merchant has allowed it.</summary>
    TypedUidOff,
}
