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

    /// <summary>Every clip there is: prefixes, digits, places, point and unit.</summary>
    public static readonly IReadOnlyList<Clip> All =
    [
        Previous, Refunded,
        new("wechat", "微信收款"), new("alipay", "支付宝收款"), new("unionpay", "云闪付收款"), new("received", "收款成功"),
        new("0", "零"), new("1", "一"), new("2", "二"), new("3", "三"), new("4", "四"),
        new("5", "五"), new("6", "六"), new("7", "七"), new("8", "八"), new("9", "九"),
        new("10", "十"), new("100", "百"), new("1000", "千"), new("10000", "万"), new("point", "点"), new("yuan", "元"),
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
