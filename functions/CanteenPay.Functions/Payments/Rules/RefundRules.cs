using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// Refunds and the totals that they keep on their order: what has gone back, what is on its way, and what of the fee came back. Pure; an order and its refund
/// are written together, under the order's version, so that two refunds at once cannot give back more than was paid.
/// </summary>
internal static class RefundRules
{
    /// <summary>WeChat refunds a payment within a year; a day less, since clocks differ.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromDays(364);

    /// <summary>By then an attempt that was made before has been answered or given up (5 s), and has reached the channel or never will.</summary>
    public static readonly TimeSpan AttemptsEnd = TimeSpan.FromSeconds(15);

    /// <summary>Why a refund may not be made (a <see cref="RefusalCode"/>); null when it may.</summary>
    /// <param name="order">The order as stored.</param>
    /// <param name="amount">What shall go back.</param>
    /// <param name="origin">Who asks: a till gives back within the business day of the payment only.</param>
    /// <param name="now">The cloud's clock.</param>
    public static string? Refusal(Order order, Fen amount, RefundOrigin origin, DateTimeOffset now)
    {
        if (order.State is not (OrderState.Paid or OrderState.PartlyRefunded or OrderState.LatePaid) || order.Payment is not { } payment)
            return RefusalCode.RefundNotAllowed;
        if (now - payment.PaidAt > Within || order.RefundCount >= RefundId.MaxNumber)
            return RefusalCode.RefundNotAllowed;
        if (origin == RefundOrigin.Till && BusinessDay.Of(payment.PaidAt) != BusinessDay.Of(now))
            return RefusalCode.RefundNotAllowed;
        return amount.Value >= 1 && amount <= order.Refundable ? null : RefusalCode.RefundTooMuch;
    }

    /// <summary>The order with one more refund on its way.</summary>
    /// <exception cref="InvalidOperationException">It would give back more than was paid: <see cref="Refusal"/> was not asked.</exception>
    public static Order Begin(Order order, Fen amount) => Checked(order with
    {
        RefundCount = order.RefundCount + 1,
        RefundPending = order.RefundPending + amount,
    });

    /// <summary>What the channel's word makes of a refund and its order; equal ones when it changes nothing.</summary>
    /// <param name="order">The order as stored.</param>
    /// <param name="refund">One of its refunds, as stored.</param>
    /// <param name="happened">What the channel said.</param>
    /// <param name="cutOff">See <see cref="SettlementDay"/>.</param>
    /// <param name="now">The cloud's clock.</param>
    public static (Order Order, Refund Refund) Apply(Order order, Refund refund, RefundEvent happened, TimeSpan cutOff, DateTimeOffset now) => (refund.State, happened) switch
    {
        (RefundState.Requested or RefundState.Refusing, RefundEvent.Taken { ChannelRefundNo: var number }) =>
            (order, refund with { State = RefundState.Accepted, ChannelRefundNo = number ?? refund.ChannelRefundNo }),
        (RefundState.Requested or RefundState.Accepted or RefundState.Refusing, RefundEvent.MoneyWentBack back) => WentBack(order, refund, back, cutOff, now),

        // The refusal of one attempt says nothing of another that was taken.
        (RefundState.Requested, RefundEvent.AttemptRefused refused) => (
            order, refund with { State = RefundState.Refusing, RefusalCode = refused.Code, RefusalMessage = refused.Message, RefusedAt = now }),
        (RefundState.Refusing, RefundEvent.NotKnown) when now - refund.RefusedAt >= AttemptsEnd => Refused(order, refund, now),
        (RefundState.Requested or RefundState.Accepted or RefundState.Refusing, RefundEvent.Failed failed) =>
            Refused(order, refund with { RefusalCode = failed.Code, RefusalMessage = failed.Message }, now),

        // An attempt that outlived every patience was taken after all: the money is on its way, whatever was said.
        (RefundState.Refused, RefundEvent.Taken or RefundEvent.MoneyWentBack) when refund.Amount <= order.Refundable =>
            (Checked(order with { RefundPending = order.RefundPending + refund.Amount }), refund with { State = RefundState.Accepted }),
        _ => (order, refund),
    };

    private static (Order Order, Refund Refund) WentBack(Order order, Refund refund, RefundEvent.MoneyWentBack back, TimeSpan cutOff, DateTimeOffset now)
    {
        var charged = ChannelFee.Of(order.Amount, order.FeeRateBasisPoints);
        var returned = ChannelFee.Returned(refund.Amount, order.Amount, order.Refunded, charged, order.FeeReturned);
        var bankCharged = ChannelFee.Of(order.Amount, order.BankCostBasisPoints);
        var bankReturned = ChannelFee.Returned(refund.Amount, order.Amount, order.Refunded, bankCharged, order.BankReturned);
        var refunded = order.Refunded + refund.Amount;
        var refundedAt = back.At ?? now;
        var after = Checked(order with
        {
            State = refunded == order.Amount ? OrderState.Refunded : order.State == OrderState.LatePaid ? OrderState.LatePaid : OrderState.PartlyRefunded,
            Refunded = refunded,
            RefundPending = order.RefundPending - refund.Amount,
            FeeReturned = order.FeeReturned + returned,
            BankReturned = order.BankReturned + bankReturned,
        });
        return (after, refund with
        {
            State = RefundState.Refunded,
            RefundedAt = refundedAt,
            ConfirmedAt = now,
            ChannelRefundNo = back.ChannelRefundNo ?? refund.ChannelRefundNo,
            SettlementDate = SettlementDay.Of(refundedAt, cutOff),
            Fee = new(charged, order.Refunded, order.FeeReturned, returned, new(bankCharged, order.BankReturned, bankReturned)),
        });
    }

    private static (Order Order, Refund Refund) Refused(Order order, Refund refund, DateTimeOffset now) => (
        Checked(order with { RefundPending = order.RefundPending - refund.Amount, Review = ReviewOf(order) }),
        refund with { State = RefundState.Refused, ConfirmedAt = now });

    /// <summary>Late money that does not go back waits for a person; a refund that somebody asked for, that somebody sees refused.</summary>
    private static ReviewReason? ReviewOf(Order order) => order.State == OrderState.LatePaid ? order.Review ?? ReviewReason.RefundRefused : order.Review;

    private static Order Checked(Order order) =>
        order.Refunded >= Fen.Zero && order.RefundPending >= Fen.Zero && order.Refunded + order.RefundPending <= order.Amount && order.FeeReturned >= Fen.Zero
            ? order
            : throw new InvalidOperationException(
                $"Order {order.Id} of {order.Amount} yuan would have {order.Refunded} refunded and {order.RefundPending} on the way.");
}

/// <summary>What the channel said of a refund.</summary>
internal abstract record RefundEvent
{
    private RefundEvent()
    {
    }

    /// <summary>The channel took note of it.</summary>
    public sealed record Taken(string? ChannelRefundNo) : RefundEvent;

    /// <summary>The money went back.</summary>
    public sealed record MoneyWentBack(DateTimeOffset? At, string? ChannelRefundNo) : RefundEvent;

    /// <summary>The channel refused an attempt and knows no such refund.</summary>
    public sealed record AttemptRefused(string Code, string Message) : RefundEvent;

    /// <summary>Asked, the channel knows no such refund.</summary>
    public sealed record NotKnown : RefundEvent;

    /// <summary>The channel took it, and it failed there for good.</summary>
    public sealed record Failed(string Code, string Message) : RefundEvent;
}
