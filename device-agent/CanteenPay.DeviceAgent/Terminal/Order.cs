using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>An order as this machine knows it. The cloud's record is the truth; this one decides what is shown, said and asked.</summary>
internal sealed record Order
{
    /// <summary>Made by this machine.</summary>
    public required OrderId Id { get; init; }

    /// <summary>What was keyed, in fen.</summary>
    public required Fen Amount { get; init; }

    /// <summary>How it stands, as far as this machine was told.</summary>
    public OrderStage Stage { get; init; } = OrderStage.Requested;

    /// <summary>When the key was pressed, by the corrected clock.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>The order that this one replaces after its QR could not be had.</summary>
    public OrderId? RetryOf { get; init; }

    /// <summary>A QR was on the screen: from then on only a definite result ends the order.</summary>
    public bool QrShown { get; init; }

    /// <summary>Which wallet paid.</summary>
    public Wallet? Wallet { get; init; }

    /// <summary>When it was paid, on the word of the channel.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>This machine has spoken about it, or was about to when it was stopped: it never does again.</summary>
    public bool Spoken { get; init; }

    /// <summary>The cloud said "paid" and also said that it was not: a person must look.</summary>
    public bool Disputed { get; init; }

    /// <summary>Why the cloud refused it.</summary>
    public BilingualText? Refusal { get; init; }

    /// <summary>What has gone back of it, in fen, as far as this machine was told; never more than <see cref="Amount"/>.</summary>
    public Fen RefundedSoFar { get; init; }

    /// <summary>What has gone back by refunds of this till, in fen.</summary>
    public Fen RefundedHere { get; init; }

    /// <summary>The newest refund of it that was asked for at this till.</summary>
    public Refund? Refund { get; init; }

    /// <summary>Nothing but a refund can happen to it any more.</summary>
    public bool IsEnded => Stage is OrderStage.Paid or OrderStage.Closed or OrderStage.Failed or OrderStage.Refused or OrderStage.Refunded;
}

/// <summary>How an order stands on the machine. Stored by name.</summary>
internal enum OrderStage
{
    /// <summary>Stored; the cloud is asked for a QR.</summary>
    Requested,

    /// <summary>Its QR is on the screen.</summary>
    AwaitingPayment,

    /// <summary>The screen gave up on it; the cloud has not answered that yet.</summary>
    Cancelled,

    /// <summary>The cloud is closing it and still asks the channel whether it was paid.</summary>
    Closing,

    /// <summary>Paid.</summary>
    Paid,

    /// <summary>Certainly not paid.</summary>
    Closed,

    /// <summary>The channel refused it.</summary>
    Failed,

    /// <summary>The cloud refused it before there was a QR.</summary>
    Refused,

    /// <summary>迟到付款，退款中: paid after it had ended unpaid; the cloud gives the money back.</summary>
    Refunding,

    /// <summary>All of the money went back.</summary>
    Refunded,
}
