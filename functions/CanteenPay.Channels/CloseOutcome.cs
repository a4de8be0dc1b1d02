namespace CanteenPay.Channels;

/// <summary>The answer to <see cref="IPaymentChannel.CloseAsync"/>.</summary>
public abstract record CloseOutcome
{
    private CloseOutcome()
    {
    }

    /// <summary>What the outcome is worth.</summary>
    public abstract ChannelAnswer Answer { get; }

    /// <summary>The order is closed, now or since before; nobody can pay it any more.</summary>
    public sealed record Closed : CloseOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedSuccess;
    }

    /// <summary>It cannot be closed because it was paid: query for the facts.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record AlreadyPaid(string Code, string Message) : CloseOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.ConfirmedFailure;
    }

    /// <summary>The channel will not close it now (too early): it is as open as before. Ask again later.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record StillOpen(string Code, string Message) : CloseOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>The channel holds no such order: not final, because a create may still be under way.</summary>
    /// <param name="Code">The channel's error code.</param>
    /// <param name="Message">The channel's message.</param>
    public sealed record NotFound(string Code, string Message) : CloseOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Waiting;
    }

    /// <summary>No answer: the order may be closed or not.</summary>
    /// <param name="Doubt">Why.</param>
    public sealed record Unknown(Doubt Doubt) : CloseOutcome
    {
        /// <inheritdoc/>
        public override ChannelAnswer Answer => ChannelAnswer.Unknown;
    }
}
