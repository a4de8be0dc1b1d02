namespace CanteenPay.Protocol;

/// <summary>A recorded word of the machine's voice.</summary>
/// <param name="Id">Name of the clip, and of its file without the extension: lower-case letters, digits and hyphens.</param>
/// <param name="Words">What it says.</param>
public sealed record Clip(string Id, string Words)
{
    /// <summary>Said before the result of an order that is not on the screen.</summary>
    public static readonly Clip Previous = new("previous", "上一笔");

    /// <summary>Said after an amount that went back.</summary>
    public static readonly Clip Refunded = new("refunded", "已退款");

    /// <summary>Said before the amount of a tap.</summary>
    public static readonly Clip Spent = new("spent", "消费");

    /// <summary>Said when a card was counted and no money moved.</summary>
    public static readonly Clip Counted = new("counted", "计次成功");

    /// <summary>Said after the amount of a tap that was taken back.</summary>
    public static readonly Clip Undone = new("undone", "已撤销");

    /// <summary>No account has this card.</summary>
    public static readonly Clip UnknownCard = new("unknown-card", "非法卡");

    /// <summary>Reported lost.</summary>
    public static readonly Clip LostCard = new("lost-card", "挂失卡");

    /// <summary>Replaced, or of a closed account.</summary>
    public static readonly Clip CancelledCard = new("cancelled-card", "注销卡");

    /// <summary>The balance does not suffice.</summary>
    public static readonly Clip NotEnough = new("not-enough", "余额不足");

    /// <summary>Too much for one tap.</summary>
    public static readonly Clip OverTapLimit = new("over-tap-limit", "单笔限额");

    /// <summary>Too much for the meal or day.</summary>
    public static readonly Clip OverAmountLimit = new("over-amount-limit", "超过限额");

    /// <summary>Too many taps at the meal or on the day.</summary>
    public static readonly Clip OverCountLimit = new("over-count-limit", "超过限次");

    /// <summary>No meal of this card now.</summary>
    public static readonly Clip OutsideMeal = new("outside-meal", "不在消费时段");

    /// <summary>Card type or price is not set.</summary>
    public static readonly Clip NotSet = new("not-set", "设置错误");

    /// <summary>The card left too early.</summary>
    public static readonly Clip TapAgain = new("tap-again", "请重新刷卡");

    /// <summary>Too much that the cloud has not booked.</summary>
    public static readonly Clip OverUnbookedCap = new("over-unbooked-cap", "待上传已满");

    /// <summary>The cloud was not heard for too long.</summary>
    public static readonly Clip OfflineTooLong = new("offline-too-long", "离线超时");

    /// <summary>No more entries can be kept.</summary>
    public static readonly Clip StoreFull = new("store-full", "数据存满");

    /// <summary>The accounts are not here yet.</summary>
    public static readonly Clip NotSynced = new("not-synced", "正在下载");

    /// <summary>The cloud has never told its time.</summary>
    public static readonly Clip ClockUnknown = new("clock-unknown", "正在校准时间");

    /// <summary>The merchant takes no cards.</summary>
    public static readonly Clip NotOffered = new("not-offered", "未开通刷卡");

    /// <summary>A typed UID does not pay here.</summary>
    public static readonly Clip TypedUidOff = new("typed-uid-off", "未开通键盘");

    /// <summary>A card while somebody pays by phone.</summary>
    public static readonly Clip CancelFirst = new("cancel-first", "请先取消");

    /// <summary>A card that needs no key, while an amount is keyed.</summary>
    public static readonly Clip ClearFirst = new("clear-first", "请先清除");

    /// <summary>A card while the number of no item is keyed.</summary>
    public static readonly Clip NoSuchItem = new("no-such-item", "请更正编号");

    /// <summary>A card while too much is to be sold.</summary>
    public static readonly Clip BasketFull = new("basket-full", "请减少数量");

    /// <summary>A card at a till that is not ready for it.</summary>
    public static readonly Clip Wait = new("wait", "请稍候");

    /// <summary>A tap could not be stored.</summary>
    public static readonly Clip Fault = new("fault", "本机故障");

    /// <summary>Every clip there is: prefixes, digits, places, point and unit, and what is said about cards.</summary>
    public static readonly IReadOnlyList<Clip> All =
    [
        Previous, Refunded,
        new("wechat", "微信收款"), new("alipay", "支付宝收款"), new("unionpay", "云闪付收款"), new("received", "收款成功"),
        new("0", "零"), new("1", "一"), new("2", "二"), new("3", "三"), new("4", "四"),
        new("5", "五"), new("6", "六"), new("7", "七"), new("8", "八"), new("9", "九"),
        new("10", "十"), new("100", "百"), new("1000", "千"), new("10000", "万"), new("point", "点"), new("yuan", "元"),
        Spent, Counted, Undone, UnknownCard, LostCard, CancelledCard, NotEnough, OverTapLimit, OverAmountLimit, OverCountLimit, OutsideMeal, NotSet, TapAgain,
        OverUnbookedCap, OfflineTooLong, StoreFull, NotSynced, ClockUnknown, NotOffered, TypedUidOff, CancelFirst, ClearFirst, NoSuchItem, BasketFull,
        Wait, Fault,
    ];

    private static readonly Dictionary<string, Clip> ByWords = All.ToDictionary(clip => clip.Words, StringComparer.Ordinal);

    /// <summary>The clip of a wallet's prefix, or the neutral one.</summary>
    public static Clip Received(Wallet? wallet) => ByWords[wallet switch
    {
        Wallet.WeChat => "微信收款",
        Wallet.Alipay => "支付宝收款",
        Wallet.UnionPay => "云闪付收款",
        _ => "收款成功",
    }];

    /// <summary>The clips that speak an amount, in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As <see cref="SpokenAmount.Words"/>.</exception>
    public static IReadOnlyList<Clip> Amount(Fen amount) => [.. SpokenAmount.Words(amount).Select(word => ByWords[word.ToString()])];
}
