using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// The life of an order: what each event makes of it. Pure, and total: an event that does not apply changes nothing, so that doubled and late messages are
/// harmless.
/// </summary>
internal static class OrderRules
{
    /// <summary>
    /// Close attempts without a definite answer, in a row, after which a person has to look (design, <i>Cloud pay</i>).
    /// </summary>
    public const int MaxUnansweredCloses = 12;

    private const string Yuan = "CNY";

    /// <summary>The order after the event; the same instance when nothing changes.</summary>
    /// <param name="order">The order as stored.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="cutOff">Time of day in Asia/Shanghai at which the channel's settlement day begins.</param>
    public static Order Apply(Order order, OrderEvent happened, TimeSpan cutOff) => (order.State, happened) switch
    {
        (_, OrderEvent.PaymentConfirmed { Confirmed: var confirmed }) => ApplyPayment(order, confirmed, cutOff),

        (OrderState.Requested, OrderEvent.QrIssued { Qr: var qr }) => order with { State = OrderState.AwaitingPayment, Qr = qr },
        (OrderState.Requested, OrderEvent.CreateRefused { Message: var message }) => order with { State = OrderState.Failed, FailureMessage = message },
        (OrderState.Requested, OrderEvent.QrLost) => order with { State = OrderState.Closing },
        (OrderState.Requested or OrderState.AwaitingPayment, OrderEvent.GivenUp) => order with { State = OrderState.Closing },

        // A definite word of the channel ends the order, whoever asked. Before the QR came, "closed" can only be about an attempt before.
        (OrderState.AwaitingPayment or OrderState.Closing, OrderEvent.ClosedAtChannel) => order with { State = OrderState.Closed },

        (OrderState.Closing, OrderEvent.CloseUnanswered) => CountUnanswered(order),
        (OrderState.Closing, OrderEvent.NotPaidYet) when order.UnansweredCloses > 0 => order with { UnansweredCloses = 0 },

        _ => order,
    };

    private static Order ApplyPayment(Order order, ConfirmedPayment confirmed, TimeSpan cutOff)
    {
        if (Difference(order, confirmed) is { } difference)
            return order.Review is null ? order with { Review = difference } : order;

        return order.State switch
        {
            OrderState.Requested or OrderState.AwaitingPayment or OrderState.Closing => WithPayment(order, OrderState.Paid, confirmed.Payment, cutOff),
            OrderState.Closed or OrderState.Failed => WithPayment(order, OrderState.LatePaid, confirmed.Payment, cutOff) with { Review = ReviewReason.PaidLate },
            _ => order,
        };
    }

    private static ReviewReason? Difference(Order order, ConfirmedPayment confirmed)
    {
        if (confirmed.OrderNo != order.Id.Value || confirmed.ChannelMerchantId != order.ChannelMerchantId)
            return ReviewReason.MerchantDiffers;
        if (confirmed.Currency != Yuan)
            return ReviewReason.CurrencyDiffers;
        if (confirmed.Amount != order.Amount)
            return ReviewReason.AmountDiffers;
        return order.Payment is { } first && first.ChannelTransactionNo != confirmed.Payment.ChannelTransactionNo ? ReviewReason.PaidTwice : null;
    }

    private static Order WithPayment(Order order, OrderState state, Payment payment, TimeSpan cutOff) => order with
    {
        State = state,
        Payment = payment,
        SettlementDate = BusinessDay.Of(payment.PaidAt - cutOff),
    };

    private static Order CountUnanswered(Order order)
    {
        var unanswered = order.UnansweredCloses + 1;
        return order with
        {
            UnansweredCloses = unanswered,
            Review = unanswered >= MaxUnansweredCloses ? order.Review ?? ReviewReason.ChannelSilent : order.Review,
        };
    }
}
