using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// Machine → cloud: a manager gives money back at the till. Sent again until <see cref="PayRefundResult"/> says how it ended; the same
/// <see cref="RefundKey"/> is the same refund.
/// </summary>
public sealed record PayRefund : DeviceMessage
{
    /// <summary>The paid order; one of this machine, paid on this business day.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>Random, made by the machine with the refund: <see cref="RefundKeyLength"/> characters of Crockford base32.</summary>
    public required string RefundKey { get; init; }

    /// <summary>What goes back, in fen: 1 to what is left of the payment.</summary>
    public required Fen Amount { get; init; }

    /// <summary>When the PIN was accepted, by the machine's corrected clock.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Characters in a refund key.</summary>
    public const int RefundKeyLength = 10;
}

/// <summary>Cloud → machine: how a refund that was asked for at this till stands.</summary>
public sealed record PayRefundResult : DeviceMessage
{
    /// <summary>The order.</summary>
    public required OrderId OrderId { get; init; }

    /// <summary>Which of its refunds: what the machine sent.</summary>
    public required string RefundKey { get; init; }

    /// <summary>What was asked to go back, in fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>How it stands.</summary>
    public required RefundProgress Progress { get; init; }

    /// <summary>What has gone back of the order so far, in fen, this refund included once it ended well.</summary>
    public required Fen RefundedSoFar { get; init; }

    /// <summary>Why it was refused, for programs; see <see cref="RefusalCode"/>.</summary>
    public string? Code { get; init; }

    /// <summary>Why it was refused, for the cashier.</summary>
    public BilingualText? Message { get; init; }

    /// <summary>Milliseconds from the channel's word to the sending of this message, by the cloud's clock; with <see cref="RefundProgress.Refunded"/>.</summary>
    public long? AgeMs { get; init; }

    /// <summary>The words to speak; absent when nothing is to be said.</summary>
    public string? Say { get; init; }

    /// <summary>The clips that speak them.</summary>
    public IReadOnlyList<string>? Clips { get; init; }
}

/// <summary>How a refund stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefundProgress>))]
public enum RefundProgress
{
    /// <summary>Asked for; the channel has not ended it yet.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>The money went back, on the word of the channel.</summary>
    [JsonStringEnumMemberName("refunded")]
    Refunded,

    /// <summary>No money goes back by this refund.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
