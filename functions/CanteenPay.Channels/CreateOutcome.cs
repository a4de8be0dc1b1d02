namespace CanteenPay.Channels;

/// <summary>The answer to <see cref="IPaymentChannel.CreateQrOrderAsync"/>.</summary>
public abstract record CreateOutcome
{
    private CreateOutcome()
    {
    }

    /// <summary>What the outcome is worth.</summary>
    public abstract ChannelAnswer Answer { get; }

    /// <summary>The order is open.</summary>
    /// <param name="QrText">The text to encode as QR, at most 512 characters.</param>
    public sealed record Created(string QrText) : CreateOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedSuccess;
    }

    /// <summary>
    /// The channel already holds an order of this number and gives no QR: an earlier try of ours went through. Query it; a payment is possible.
    /// </summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record DuplicateOrderNumber(string Code, string Message) : CreateOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }

    /// <summary>The channel refused; there is no order and nobody can pay it.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record Refused(string Code, string Message) : CreateOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedFailure;
    }

    /// <summary>Nobody knows whether there is an order; no QR was received.</summary>
    /// <param name="Doubt">Why.</param>
    public sealed record Unknown(Doubt Doubt) : CreateOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }
}
