using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>Machine → cloud: show me a QR for this order. Answered by <see cref="PayQr"/> or <see cref="PayRefused"/>.</summary>
public sealed record PayRequest : DeviceMessage
{
    /// <summary>The order; made by the machine and stored there before this is sent.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>The merchant that the machine believes to serve; must be the registry's and the order id's.</summary>
    public required MerchantId MerchantId { get; init; }

    /// <summary>What is to be paid, in fen; see <see cref="Fen.IsKeyable"/>.</summary>
    public required Fen Amount { get; init; }

    /// <summary>What is paid for: <c>meal</c>.</summary>
    public string Kind { get; init; } = MealKind;

    /// <summary>When the key was pressed, by the machine's corrected clock.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Seconds that the screen shows the QR, <see cref="MinScreenSeconds"/> to <see cref="MaxScreenSeconds"/>.</summary>
    public required int ExpiresInS { get; init; }

    /// <summary>The order that this one replaces after its QR could not be had.</summary>
    public OrderId? RetryOf { get; init; }

    /// <summary>A meal at the counter.</summary>
    public const string MealKind = "meal";

    /// <summary>A screen shows a QR at least so many seconds: the wallets refuse an order that expires in less than a minute.</summary>
    public const int MinScreenSeconds = 60;

    /// <summary>A screen shows a QR at most so many seconds: the cloud closes an order after 300 s, and the cancel has to come before.</summary>
    public const int MaxScreenSeconds = 240;
}

/// <summary>Machine → cloud: the screen gave up on this order. Answered, in its time, by <see cref="PayResult"/>.</summary>
public sealed record PayCancel : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }
}

/// <summary>Machine → cloud: what is known of this order? Answered by its <see cref="PayQr"/>, <see cref="PayRefused"/> or <see cref="PayResult"/>.</summary>
public sealed record PayStatus : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }
}

/// <summary>Machine → cloud: the result was stored and shown.</summary>
public sealed record PayResultAck : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>The outcome that was shown.</summary>
    public required PayOutcome Outcome { get; init; }

    /// <summary>Whether the machine also said it aloud.</summary>
    public required bool Spoken { get; init; }

    /// <summary>When it was shown, by the machine's clock.</summary>
    public required DateTimeOffset ShownAt { get; init; }
}

/// <summary>Cloud → machine: the QR. Shown only if amount and id match the machine's own order.</summary>
public sealed record PayQr : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>What the channel was asked to collect, in fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>The text to encode, at most 512 characters.</summary>
    public required string Qr { get; init; }

    /// <summary>Seconds that remain to pay.</summary>
    public required int ExpiresInS { get; init; }
}

/// <summary>Cloud → machine: there will be no QR for this order.</summary>
public sealed record PayRefused : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>Why, for programs; see <see cref="RefusalCode"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Why, for the cashier.</summary>
    public required BilingualText Message { get; init; }
}

/// <summary>Cloud → machine: how the order stands. Acknowledged by <see cref="PayResultAck"/>.</summary>
public sealed record PayResult : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>The order's amount in fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>How it stands.</summary>
    public required PayOutcome Outcome { get; init; }

    /// <summary>Which wallet paid; null also for one that a newer cloud knows and this reader does not: the money has arrived all the same.</summary>
    [JsonConverter(typeof(KnownWalletConverter))]
    public Wallet? Wallet { get; init; }

    /// <summary>When the channel says that it was paid.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>Milliseconds from the payment to the sending of this message, by the cloud's clock: a machine's clock is not trusted.</summary>
    public long? AgeMs { get; init; }

    /// <summary>What has gone back of it so far, in fen; absent while nothing has.</summary>
    public Fen? RefundedSoFar { get; init; }

    /// <summary>The words to speak; absent when nothing is to be said.</summary>
    public string? Say { get; init; }

    /// <summary>The clips that speak them.</summary>
    public IReadOnlyList<string>? Clips { get; init; }
}

/// <summary>A sentence in both languages of the interface.</summary>
/// <param name="Zh">Simplified Chinese.</param>
/// <param name="En">English.</param>
public sealed record BilingualText(string Zh, string En);

/// <summary>How an order stands, as a machine is told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PayOutcome>))]
public enum PayOutcome
{
    /// <summary>The money has arrived, on the word of the channel.</summary>
    [JsonStringEnumMemberName("paid")]
    Paid,

    /// <summary>Given up at the till; whether it was paid is still being asked.</summary>
    [JsonStringEnumMemberName("closing")]
    Closing,

    /// <summary>Certainly not paid, and can no longer be.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>The channel refused it.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Paid after it had been closed or refused: the money is on its way back. Shown, never spoken; no end: <see cref="Refunded"/> follows.</summary>
    [JsonStringEnumMemberName("refunding")]
    Refunding,

    /// <summary>All of the money went back.</summary>
    [JsonStringEnumMemberName("refunded")]
    Refunded,
}

/// <summary>The wallet that paid.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Wallet>))]
public enum Wallet
{
    /// <summary>微信支付.</summary>
    [JsonStringEnumMemberName("wechat")]
    WeChat,

    /// <summary>支付宝.</summary>
    [JsonStringEnumMemberName("alipay")]
    Alipay,

    /// <summary>云闪付.</summary>
    [JsonStringEnumMemberName("unionpay")]
    UnionPay,
}
