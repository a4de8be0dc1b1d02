namespace CanteenPay.Channels;

/// <summary>What a notification says.</summary>
public abstract record NotificationOutcome
{
    private NotificationOutcome()
    {
    }

    /// <summary>What the outcome is worth.</summary>
    public abstract ChannelAnswer Answer { get; }

    /// <summary>Correctly signed, about this merchant: paid.</summary>
    /// <param name="Facts">What the channel says.</param>
    public sealed record Paid(PaymentFacts Facts) : NotificationOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedSuccess;
    }

    /// <summary>
    /// Correctly signed, about this merchant, but not of a payment that succeeded. It ends nothing: the diner may try again. Query when in doubt.
    /// </summary>
    /// <param name="OrderNo">The order number in it, when there is one.</param>
    /// <param name="Code">The channel's code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record NotAPayment(string? OrderNo, string Code, string Message) : NotificationOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>Nothing in it may be believed.</summary>
    /// <param name="Doubt">Why: <see cref="DoubtKind.BadSignature"/>, <see cref="DoubtKind.BadDocument"/> or <see cref="DoubtKind.Mismatch"/>.</param>
    public sealed record Unknown(Doubt Doubt) : NotificationOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }
}
