namespace CanteenPay.Channels;

/// <summary>What an outcome is worth. There is nothing in between.</summary>
public enum ChannelAnswer
{
    /// <summary>No definite answer: time-out, error, bad signature, an answer that contradicts the question. Ask again.</summary>
    Unknown,

    /// <summary>A definite answer that nothing has ended yet. Ask again later.</summary>
    Waiting,

    /// <summary>The channel said, signed, that it was done.</summary>
    ConfirmedSuccess,

    /// <summary>The channel said, signed, that it was not done and will not be.</summary>
    ConfirmedFailure,
}
