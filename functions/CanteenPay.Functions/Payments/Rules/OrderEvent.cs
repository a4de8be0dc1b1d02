using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>Something that happened to an order.</summary>
internal abstract record OrderEvent
{
    private OrderEvent()
    {
    }

    /// <summary>The channel made the order and gave its QR.</summary>
    public sealed record QrIssued(string Qr) : OrderEvent;

    /// <summary>The channel refused, definitely, to make the order.</summary>
    public sealed record CreateRefused(string Message) : OrderEvent;

    /// <summary>The channel has the order from an attempt before, but its QR is lost.</summary>
    public sealed record QrLost : OrderEvent;

    /// <summary>The cashier cancelled, or the screen ran out of time.</summary>
    public sealed record GivenUp : OrderEvent;

    /// <summary>The channel says, verified, that money was paid.</summary>
    public sealed record PaymentConfirmed(ConfirmedPayment Confirmed) : OrderEvent;

    /// <summary>The channel says definitely that the order is closed, reversed or failed there.</summary>
    public sealed record ClosedAtChannel : OrderEvent;

    /// <summary>The channel, asked to close, gave no definite answer.</summary>
    public sealed record CloseUnanswered : OrderEvent;
}

/// <summary>A payment as the channel reports it, before it is compared with the order.</summary>
/// <param name="OrderNo">Whose order number.</param>
/// <param name="ChannelMerchantId">Which of the channel's merchants.</param>
/// <param name="Amount">How much.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Payment">How.</param>
/// <param name="RefundedSince">Whether the channel says that some or all of it went back already.</param>
internal sealed record ConfirmedPayment(string OrderNo, string ChannelMerchantId, Fen Amount, string Currency, Payment Payment, bool RefundedSince = false);
