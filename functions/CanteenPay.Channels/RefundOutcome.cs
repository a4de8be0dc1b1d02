namespace CanteenPay.Channels;

/// <summary>The answer to <see cref="IPaymentChannel.RefundAsync"/> and <see cref="IPaymentChannel.QueryRefundAsync"/>.</summary>
public abstract record RefundOutcome
{
    private RefundOutcome()
    {
    }

    /// <summary>What the outcome is worth.</summary>
    public abstract ChannelAnswer Answer { get; }

    /// <summary>The money went back.</summary>
    /// <param name="Facts">What the channel answered.</param>
    public sealed record Refunded(RefundFacts Facts) : RefundOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedSuccess;
    }

    /// <summary>The money did not go back and will not by itself: a person has to look at it.</summary>
    /// <param name="Code">The channel's error code or refund state.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record Refused(string Code, string Message) : RefundOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedFailure;
    }

    /// <summary>The channel took the refund and has not ended it yet.</summary>
    /// <param name="Code">The channel's state, or <c>ACCEPTED</c>.</param>
    /// <param name="ChannelRefundNo">The channel's number for the refund, when it gives one.</param>
    public sealed record Waiting(string Code, string? ChannelRefundNo) : RefundOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>The channel holds no such refund (or no such order): it may be asked for again with the same refund number.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record NotFound(string Code, string Message) : RefundOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>No answer: the money may have gone back or not.</summary>
    /// <param name="Doubt">Why.</param>
    public sealed record Unknown(Doubt Doubt) : RefundOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }
}

/// <summary>A refund as the channel reported it, word for word. The caller compares the amount.</summary>
public sealed record RefundFacts
{
    /// <summary>Our refund number.</summary>
    public required string RefundNo { get; init; }

    /// <summary>Our order number.</summary>
    public required string OrderNo { get; init; }

    /// <summary>What went back, in fen, &gt; 0.</summary>
    public required long RefundFen { get; init; }

    /// <summary>The channel's number for the refund, when it gives one.</summary>
    public string? ChannelRefundNo { get; init; }

    /// <summary>When it went back by the channel's clock, offset +08:00; null where the channel does not tell.</summary>
    public DateTimeOffset? RefundedAt { get; init; }
}
