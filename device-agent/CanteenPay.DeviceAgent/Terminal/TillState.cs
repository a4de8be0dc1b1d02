namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>Everything that the till shows.</summary>
internal sealed record TillState
{
    /// <summary>The till as it is switched on.</summary>
    public static readonly TillState Start = new();

    /// <summary>What the middle of the screen is about.</summary>
    public Face Face { get; init; } = Keying.Empty;

    /// <summary>The order in the line of the previous payment.</summary>
    public Order? Previous { get; init; }

    /// <summary>The link to the cloud is up.</summary>
    public bool Online { get; init; }

    /// <summary>Why there is no link, for whoever mends it; null while there is one.</summary>
    public string? LinkError { get; init; }

    /// <summary>A sentence for the cashier, and until when.</summary>
    public (Notice Notice, DateTimeOffset Until)? Notice { get; init; }

    /// <summary>Until when the list of the last payments covers the keypad; null when it does not.</summary>
    public DateTimeOffset? ListUntil { get; init; }

    /// <summary>The order that waits for its diner; null when the till is free.</summary>
    public Order? OpenOnScreen => Face switch
    {
        WaitingForQr waiting => waiting.Order,
        ShowingQr showing => showing.Order,
        _ => null,
    };
}

/// <summary>What the middle of the screen is about.</summary>
internal abstract record Face;

/// <summary>An amount is being keyed.</summary>
internal sealed record Keying(KeyedAmount Amount) : Face
{
    public static readonly Keying Empty = new(KeyedAmount.Empty);
}

/// <summary>The cloud was asked for a QR.</summary>
internal sealed record WaitingForQr(Order Order, DateTimeOffset Until) : Face;

/// <summary>The QR is on the screen.</summary>
internal sealed record ShowingQr(Order Order, string Qr, DateTimeOffset From, DateTimeOffset Until) : Face;

/// <summary>How it ended, until a key or for a while.</summary>
internal sealed record Ended(Order Order, Ending Ending, DateTimeOffset Until) : Face;

/// <summary>How an order left the screen.</summary>
internal enum Ending
{
    /// <summary>The money has arrived.</summary>
    Paid,

    /// <summary>The cloud refused.</summary>
    Refused,

    /// <summary>网络繁忙: no QR came.</summary>
    NoQr,

    /// <summary>The time to pay ran out, here or at the cloud; whether it was paid is being checked.</summary>
    Expired,

    /// <summary>The cloud closed it.</summary>
    Closed,

    /// <summary>The channel failed it.</summary>
    Failed,

    /// <summary>The money went back.</summary>
    Refunded,

    /// <summary>The cloud said "paid" and also that it was not.</summary>
    Disputed,
}

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
}
