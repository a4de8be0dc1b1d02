using CanteenPay.Functions.Merchants.Rates;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// The life of an order: what each event makes of it. Pure, and total: an event that does not apply changes nothing, so that doubled and late messages are
/// harmless.
/// </summary>
internal static class OrderRules
{
    private const string Yuan = "CNY";

    /// <summary>The order after the event; an equal one when nothing changes.</summary>
    /// <param name="order">The order as stored.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="cutOff">See <see cref="SettlementDay"/>.</param>
    /// <param name="rates">The merchant's rates, of which a payment takes the one of its settlement date.</param>
    public static Order Apply(Order order, OrderEvent happened, TimeSpan cutOff, RateCalendar rates) => (order.State, happened) switch
    {
        (_, OrderEvent.PaymentConfirmed { Confirmed: var confirmed }) => ApplyPayment(order, confirmed, cutOff, rates),

        (OrderState.Requested, OrderEvent.QrIssued { Qr: var qr }) => order with { State = OrderState.AwaitingPayment, Qr = qr },
        (OrderState.Requested, OrderEvent.CreateRefused { Message: var message }) => order with { State = OrderState.Failed, FailureMessage = message },
        (OrderState.Requested, OrderEvent.QrLost) => order with { State = OrderState.Closing },
        (OrderState.Requested or OrderState.AwaitingPayment, OrderEvent.GivenUp) => order with { State = OrderState.Closing },

        // A definite word of the channel ends the order, whoever asked. Before the QR came, "closed" can only be about an attempt before.
        (OrderState.AwaitingPayment or OrderState.Closing, OrderEvent.ClosedAtChannel) => order with { State = OrderState.Closed },

        (OrderState.Closing, OrderEvent.CloseUnanswered) => CountUnanswered(order),

        _ => order,
    };

    /// <summary>
    /// Why a person has to look at a payment that the channel confirmed; null when it is the payment that the order waits for, or has. Asked before
    /// <see cref="Apply"/>, so that the payment is kept for that person whatever becomes of the order.
    /// </summary>
    public static ReviewReason? Doubt(Order order, ConfirmedPayment confirmed)
    {
        if (confirmed.OrderNo != order.Id.Value || confirmed.ChannelMerchantId != order.ChannelMerchantId)
            return ReviewReason.MerchantDiffers;
        if (confirmed.Currency != Yuan)
            return ReviewReason.CurrencyDiffers;
        if (confirmed.Amount != order.Amount)
            return ReviewReason.AmountDiffers;
        if (order.Payment is { } first)
            return first.ChannelTransactionNo == confirmed.Payment.ChannelTransactionNo ? null : ReviewReason.PaidTwice;
        return confirmed.RefundedSince ? ReviewReason.RefundedElsewhere : null;
    }

    private static Order ApplyPayment(Order order, ConfirmedPayment confirmed, TimeSpan cutOff, RateCalendar rates)
    {
        switch (Doubt(order, confirmed))
        {
            case null or ReviewReason.RefundedElsewhere when order.State.IsOpen():
                return WithPayment(order, OrderState.Paid, confirmed, cutOff, rates);
            case null or ReviewReason.RefundedElsewhere when order.State is OrderState.Closed or OrderState.Failed:
                return WithPayment(order, OrderState.LatePaid, confirmed, cutOff, rates);
            case null:
                return order;
            case var doubt:
                // Nobody may be shown a QR any longer under which other money arrived; the order is closed, or paid rightly, like any other.
                var state = order.State is OrderState.Requested or OrderState.AwaitingPayment ? OrderState.Closing : order.State;
                return order with { State = state, Review = order.Review ?? doubt };
        }
    }

    private static Order WithPayment(Order order, OrderState state, ConfirmedPayment confirmed, TimeSpan cutOff, RateCalendar rates)
    {
        var day = SettlementDay.Of(confirmed.Payment.PaidAt, cutOff);
        var rate = rates.On(day);
        return order with
        {
            State = state,
            Payment = confirmed.Payment,
            SettlementDate = day,
            FeeRateBasisPoints = rate.BasisPoints,
            BankCostBasisPoints = rate.BankCostBasisPoints,
            IsLate = state == OrderState.LatePaid,
            Review = Doubt(order, confirmed) ?? order.Review,
        };
    }

    private static Order CountUnanswered(Order order)
    {
        var unanswered = order.UnansweredCloses + 1;
        return order with
        {
            UnansweredCloses = unanswered,
            Review = unanswered >= Order.MaxUnansweredCloses ? order.Review ?? ReviewReason.ChannelSilent : order.Review,
        };
    }
}
