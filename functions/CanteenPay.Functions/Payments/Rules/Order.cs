using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>One cloud-pay order as the cloud knows it.</summary>
internal sealed record Order
{
    /// <summary>
    /// Close attempts without a definite answer after which a person has to look (design, <i>Cloud pay</i>). A definite answer ends the order, so they are
    /// always in a row.
    /// </summary>
    public const int MaxUnansweredCloses = 12;

    public required OrderId Id { get; init; }

    public required OrderState State { get; init; }

    /// <summary>What was asked for; zero only on a tombstone.</summary>
    public required Fen Amount { get; init; }

    public required string Kind { get; init; }

    /// <summary>The channel and the merchant's number there, as they were when the order was made.</summary>
    public required string Channel { get; init; }

    public required string ChannelMerchantId { get; init; }

    /// <summary>When the key was pressed, by the machine's clock: told, never reckoned with.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the cloud stored it; the channel's <c>time_start</c>, and the zero of the poll schedule.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the screen gives up; the channel's <c>time_expire</c>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The row in <c>OpenOrders</c> that guards this order; null on a tombstone.</summary>
    public required OpenOrderKey? OpenKey { get; init; }

    /// <summary>The order that this one replaces.</summary>
    public OrderId? RetryOf { get; init; }

    /// <summary>The text of the QR, once the channel gave one.</summary>
    public string? Qr { get; init; }

    /// <summary>How it was paid, once the channel said so.</summary>
    public Payment? Payment { get; init; }

    /// <summary>The bank's settlement date of the payment: stored by the write that confirms it.</summary>
    public DateOnly? SettlementDate { get; init; }

    /// <summary>The day on which the payment counts because <see cref="SettlementDate"/> was closed without it; null when it was not.</summary>
    public DateOnly? AdjustedDay { get; init; }

    /// <summary>The merchant's rate on <see cref="SettlementDate"/>: stored by the write that confirms the payment.</summary>
    public int FeeRateBasisPoints { get; init; } = ChannelFee.DefaultRateBasisPoints;

    /// <summary>The bank's part of that rate, stored with it.</summary>
    public int BankCostBasisPoints { get; init; }

    /// <summary>It was paid after it had been closed or refused, whatever became of it since.</summary>
    public bool IsLate { get; init; }

    /// <summary>Refunds made so far, whatever became of them; the next one has the next number.</summary>
    public int RefundCount { get; init; }

    /// <summary>What refunds without an end will give back: reserved, so that refunds at once cannot exceed the payment.</summary>
    public Fen RefundPending { get; init; }

    /// <summary>What has gone back, on the word of the channel.</summary>
    public Fen Refunded { get; init; }

    /// <summary>What of the channel's fee came back with it; the running total of <see cref="ChannelFee.Returned"/>.</summary>
    public Fen FeeReturned { get; init; }

    /// <summary>What of the bank's part of the fee came back with it, by the same rule.</summary>
    public Fen BankReturned { get; init; }

    /// <summary>Why it failed, for the cashier; with <see cref="OrderState.Failed"/> only.</summary>
    public string? FailureMessage { get; init; }

    /// <summary>Close attempts in a row that the channel did not answer definitely.</summary>
    public int UnansweredCloses { get; init; }

    /// <summary>Why a person has to look at it; such an order still takes notifications.</summary>
    public ReviewReason? Review { get; init; }

    /// <summary>The outcome that the machine has acknowledged.</summary>
    public PayOutcome? Acknowledged { get; init; }

    /// <summary>The trace that the order was made in (<see cref="TraceContext"/>), so that what the channel says minutes later is drawn there; null when nobody traces.</summary>
    public string? Traceparent { get; init; }

    public MerchantId Merchant => Id.Merchant;

    public DeviceId Device => Id.Device;

    /// <summary>Left by a cancel that overtook its request: the request will find it and be refused.</summary>
    public bool IsTombstone => OpenKey is null;

    /// <summary>Whether somebody has to go on asking the channel: it may still be paid, and the channel has not been silent for too long.</summary>
    public bool NeedsStep => State.IsOpen() && UnansweredCloses < MaxUnansweredCloses;

    /// <summary>What may still be given back.</summary>
    public Fen Refundable => Amount - Refunded - RefundPending;

    /// <summary>Late money that nobody has begun to give back. Not when somebody gave some of it back at the bank: then a person has to look.</summary>
    public bool OwesAutomaticRefund => State == OrderState.LatePaid && RefundCount == 0 && Review is not ReviewReason.RefundedElsewhere;

    /// <summary>
    /// Whether its machine still has to say that it has stored and shown how the order ended. A refusal is not acknowledged: the machine asks again by itself.
    /// </summary>
    public bool AwaitsAcknowledgement => !IsTombstone && Outcome is { } outcome && outcome != PayOutcome.Failed && outcome != Acknowledged;

    /// <summary>What a machine is told of it; null while its QR is due or shown.</summary>
    public PayOutcome? Outcome => State switch
    {
        OrderState.Requested or OrderState.AwaitingPayment => null,
        OrderState.Closing => PayOutcome.Closing,
        OrderState.Paid or OrderState.PartlyRefunded => PayOutcome.Paid,
        OrderState.Closed => PayOutcome.Closed,
        OrderState.LatePaid => PayOutcome.Refunding,
        OrderState.Failed => PayOutcome.Failed,
        OrderState.Refunded => PayOutcome.Refunded,
        _ => throw new InvalidOperationException($"Order {Id} has the unknown state {State}."),
    };
}

/// <summary>What the channel said of the money.</summary>
/// <param name="Wallet">Which wallet paid; null for one that is not known here.</param>
/// <param name="PaidAt">The channel's time of payment, to the second.</param>
/// <param name="ChannelTransactionNo">The channel's number of the payment.</param>
/// <param name="WalletTransactionNo">The wallet's number, which the diner sees.</param>
internal sealed record Payment(Wallet? Wallet, DateTimeOffset PaidAt, string ChannelTransactionNo, string? WalletTransactionNo);

/// <summary>Key of a row in <c>OpenOrders</c>.</summary>
internal sealed record OpenOrderKey(string Partition, string Row);

/// <summary>Why an order waits for a person.</summary>
internal enum ReviewReason
{
    /// <summary>The channel confirmed a payment of another amount.</summary>
    AmountDiffers,

    /// <summary>The channel confirmed a payment in another currency than yuan.</summary>
    CurrencyDiffers,

    /// <summary>The channel confirmed a payment to another merchant or of another order.</summary>
    MerchantDiffers,

    /// <summary>The channel confirmed a second payment under the same order number.</summary>
    PaidTwice,

    /// <summary>Paid after it was closed or failed, and the channel refused to give it back.</summary>
    RefundRefused,

    /// <summary>When it was first asked, the channel had given back some or all of the money: somebody refunded it at the bank.</summary>
    RefundedElsewhere,

    /// <summary>The channel did not say for too long whether the order is closed.</summary>
    ChannelSilent,
}
