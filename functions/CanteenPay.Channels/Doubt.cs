namespace CanteenPay.Channels;

/// <summary>Why an answer is not one.</summary>
public enum DoubtKind
{
    /// <summary>No complete answer within the time-out. The request may have been carried out.</summary>
    TimedOut,

    /// <summary>The connection failed. The request may have been carried out.</summary>
    Unreachable,

    /// <summary>An HTTP status other than 200, redirects included.</summary>
    HttpStatus,

    /// <summary>A signature is missing or wrong: worth an alarm when it repeats.</summary>
    BadSignature,

    /// <summary>Not the document that was expected: broken, too large, a field missing or unreadable.</summary>
    BadDocument,

    /// <summary>Correctly signed, but about another merchant, order or refund.</summary>
    Mismatch,

    /// <summary>The channel reports an error that says nothing about the order.</summary>
    ChannelError,

    /// <summary>A state or error code that this adapter does not know.</summary>
    Unrecognised,
}

/// <summary>The reason of an <c>Unknown</c> outcome, for logs and for finance.</summary>
/// <param name="Kind">The kind of doubt.</param>
/// <param name="Code">The channel's own code where it gave one, otherwise a short word in lower case such as <c>time-out</c> or <c>mismatch</c>.</param>
/// <param name="Message">One line of at most 256 characters; text from outside is stripped of control characters.</param>
public sealed record Doubt(DoubtKind Kind, string Code, string Message);
