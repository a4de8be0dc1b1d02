namespace CanteenPay.Channels;

/// <summary>Whose app paid.</summary>
public enum Wallet
{
    /// <summary>A wallet that this system has no name for.</summary>
    Other,

    /// <summary>WeChat Pay (微信支付).</summary>
    WeChat,

    /// <summary>Alipay (支付宝).</summary>
    Alipay,

    /// <summary>UnionPay quick pass (云闪付).</summary>
    UnionPay,
}

/// <summary>A payment as the channel reported it, word for word. The caller compares amount, currency, merchant and order number.</summary>
public sealed record PaymentFacts
{
    /// <summary>The order's total in fen, &gt; 0.</summary>
    public required long AmountFen { get; init; }

    /// <summary>ISO 4217 code; <c>CNY</c> where the channel names none.</summary>
    public required string Currency { get; init; }

    /// <summary>The merchant number in the channel's answer.</summary>
    public required string MerchantId { get; init; }

    /// <summary>Our order number in the channel's answer.</summary>
    public required string OrderNo { get; init; }

    /// <summary>Whose app paid.</summary>
    public required Wallet Wallet { get; init; }

    /// <summary>The bank's own transaction number.</summary>
    public required string ChannelTransactionNo { get; init; }

    /// <summary>The wallet's transaction number (the one on the diner's phone), when the channel gives it.</summary>
    public string? WalletTransactionNo { get; init; }

    /// <summary>When it was paid by the channel's clock, offset +08:00, to the second.</summary>
    public required DateTimeOffset PaidAt { get; init; }

    /// <summary>True when the channel says that some or all of it was refunded since.</summary>
    public bool Refunded { get; init; }

    /// <summary>What the order carried in <see cref="CreateQrOrder.Attach"/>, when the channel returns it.</summary>
    public string? Attach { get; init; }
}
