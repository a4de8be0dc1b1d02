using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>Money of one order that goes back.</summary>
internal sealed record Refund
{
    public required RefundId Id { get; init; }

    public required RefundState State { get; init; }

    /// <summary>What goes back, 1 fen to what was left of the payment.</summary>
    public required Fen Amount { get; init; }

    /// <summary>Who asked for it.</summary>
    public required RefundOrigin Origin { get; init; }

    /// <summary>The same key of the same origin is the same refund.</summary>
    public required string Key { get; init; }

    /// <summary>Why, in the words of whoever asked, at most 200 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>When the cloud stored it; the zero of its schedule.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The row in <c>OpenOrders</c> that guards it until its last step is taken.</summary>
    public required OpenOrderKey OpenKey { get; init; }

    /// <summary>The channel's number, once it took note.</summary>
    public string? ChannelRefundNo { get; init; }

    /// <summary>When the money went back: the channel's time, or ours where it names none.</summary>
    public DateTimeOffset? RefundedAt { get; init; }

    /// <summary>When the cloud learnt it.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The channel's settlement date of the refund: stored by the write that confirms it.</summary>
    public DateOnly? SettlementDate { get; init; }

    /// <summary>The day on which it counts because <see cref="SettlementDate"/> was closed without it; null when it was not.</summary>
    public DateOnly? AdjustedDay { get; init; }

    /// <summary>The fee that came back with it: stored by the write that confirms it.</summary>
    public FeeSnapshot? Fee { get; init; }

    /// <summary>When the channel refused it; see <see cref="RefundState.Refusing"/>.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>The channel's code, with <see cref="RefundState.Refusing"/> and <see cref="RefundState.Refused"/>.</summary>
    public string? RefusalCode { get; init; }

    /// <summary>The channel's words, with <see cref="RefundState.Refusing"/> and <see cref="RefundState.Refused"/>.</summary>
    public string? RefusalMessage { get; init; }

    /// <summary>Whether somebody has to go on asking the channel.</summary>
    public bool IsOpen => State is RefundState.Requested or RefundState.Accepted or RefundState.Refusing;
}

/// <summary>Where a refund stands: <c>Requested → Accepted → Refunded | Refused</c>, <c>Requested → Refusing → Accepted | Refunded | Refused</c>.</summary>
internal enum RefundState
{
    /// <summary>Stored; whether the channel knows it is not known.</summary>
    Requested,

    /// <summary>The channel took note and has not ended it.</summary>
    Accepted,

    /// <summary>
    /// The channel refused an attempt and knows no such refund. Another attempt, whose answer is late or lost, may still reach it: no more are made, and the
    /// refusal is believed when the channel still knows nothing of it after <see cref="RefundRules.AttemptsEnd"/>.
    /// </summary>
    Refusing,

    /// <summary>The money went back, on the word of the channel.</summary>
    Refunded,

    /// <summary>The channel refused it, definitely: no money goes back by it.</summary>
    Refused,
}

/// <summary>Who asked for a refund.</summary>
internal enum RefundOrigin
{
    /// <summary>The system: the money came after its order had been closed or refused.</summary>
    LateMoney,

    /// <summary>A manager at the till.</summary>
    Till,

    /// <summary>A person or program at the endpoint.</summary>
    Endpoint,
}

/// <summary>How the returned fee was reckoned, so that it can be defended a year later; see <see cref="ChannelFee.Returned"/>.</summary>
/// <param name="Charged">Fee of the payment.</param>
/// <param name="RefundedBefore">What had gone back of the payment before.</param>
/// <param name="ReturnedBefore">What of the fee had come back before.</param>
/// <param name="Returned">What of the fee came back with this refund.</param>
/// <param name="Bank">The same of the bank's part of the fee.</param>
internal sealed record FeeSnapshot(Fen Charged, Fen RefundedBefore, Fen ReturnedBefore, Fen Returned, BankSnapshot Bank);

/// <summary>The bank's part of a fee, and how much of it came back.</summary>
/// <param name="Charged">Of the payment.</param>
/// <param name="ReturnedBefore">What of it had come back before.</param>
/// <param name="Returned">What of it came back with this refund.</param>
internal sealed record BankSnapshot(Fen Charged, Fen ReturnedBefore, Fen Returned);
