namespace CanteenPay.Channels;

/// <summary>The answer to <see cref="IPaymentChannel.QueryAsync"/>.</summary>
public abstract record PaymentOutcome
{
    private PaymentOutcome()
    {
    }

    /// <summary>What the outcome is worth.</summary>
    public abstract ChannelAnswer Answer { get; }

    /// <summary>The diner has paid, also when some or all was refunded since (<see cref="PaymentFacts.Refunded"/>).</summary>
    /// <param name="Facts">What the channel answered.</param>
    public sealed record Paid(PaymentFacts Facts) : PaymentOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedSuccess;
    }

    /// <summary>The order ended without a payment and cannot be paid any more.</summary>
    /// <param name="Code">The channel's state, e.g. <c>CLOSED</c>, <c>REVOKED</c>.</param>
    /// <param name="Message">The channel's description of it.</param>
    public sealed record NotPaid(string Code, string Message) : PaymentOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedFailure;
    }

    /// <summary>Not paid yet, but it can still be.</summary>
    /// <param name="Code">The channel's state, e.g. <c>NOTPAY</c>, <c>USERPAYING</c>, <c>PAYERROR</c>.</param>
    /// <param name="Message">The channel's description of it.</param>
    public sealed record Waiting(string Code, string Message) : PaymentOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>The channel holds no such order: not paid so far, but not final, because a create may still be under way.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record NotFound(string Code, string Message) : PaymentOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>No answer.</summary>
    /// <param name="Doubt">Why.</param>
    public sealed record Unknown(Doubt Doubt) : PaymentOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }
}
