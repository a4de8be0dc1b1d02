using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>How an order moves when the cloud speaks. An end state never goes back; only a refund follows one.</summary>
internal static class OrderRules
{
    /// <summary>
    /// The order after a result. Messages come twice and out of turn: what is older than what is known changes nothing.
    /// "Paid" after an end that was not paid, or the reverse, cannot come from a right cloud: the first word stands and the order is marked as disputed.
    /// </summary>
    public static Order After(Order order, PayResult result) => RefundRules.WithRefunded(
        result.Outcome switch
        {
            PayOutcome.Closing => order.IsEnded || order.Stage == OrderStage.Refunding ? order : order with { Stage = OrderStage.Closing },
            PayOutcome.Paid => AfterPaid(order, result),
            PayOutcome.Closed => AfterUnpaid(order, OrderStage.Closed),
            PayOutcome.Failed => AfterUnpaid(order, OrderStage.Failed),
            PayOutcome.Refunding => AfterLatePayment(order, result),
            PayOutcome.Refunded => order with { Stage = OrderStage.Refunded, Wallet = result.Wallet ?? order.Wallet, Disputed = false },
            _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "Not an outcome."),
        },
        result.Outcome == PayOutcome.Refunded ? order.Amount : result.RefundedSoFar);

    /// <summary>Late money is a word about an order that ended unpaid, or was about to; one that is paid was paid in time.</summary>
    private static Order AfterLatePayment(Order order, PayResult result) => order.Stage is OrderStage.Paid or OrderStage.Refunded
        ? order
        : order with { Stage = OrderStage.Refunding, Wallet = result.Wallet ?? order.Wallet, PaidAt = result.PaidAt ?? order.PaidAt, Disputed = false };

    private static Order AfterPaid(Order order, PayResult result) => order.Stage switch
    {
        OrderStage.Paid or OrderStage.Refunded => order,
        OrderStage.Closed or OrderStage.Failed or OrderStage.Refused or OrderStage.Refunding => order with { Disputed = true },
        _ => order with { Stage = OrderStage.Paid, Wallet = result.Wallet, PaidAt = result.PaidAt },
    };

    private static Order AfterUnpaid(Order order, OrderStage stage) => order switch
    {
        { Stage: OrderStage.Paid } => order with { Disputed = true },
        { IsEnded: true } or { Stage: OrderStage.Refunding } => order,
        _ => order with { Stage = stage },
    };

    /// <summary>
    /// What may be said about a result that is not too old, or null. Once per order, ever; a payment whose age the cloud does not state counts as too old.
    /// The words are made from the machine's own amount: <c>say</c> is a permission, not a text to trust.
    /// </summary>
    public static Utterance? Words(Order after, PayResult result)
    {
        if (after.Spoken || after.Disputed || result.Say is null)
            return null;
        return (result.Outcome, after.Stage) switch
        {
            (PayOutcome.Paid, OrderStage.Paid) when result.AgeMs is not null => Utterance.Paid(after.Amount, after.Wallet),
            // A refund of this till is spoken of by its own message.
            (PayOutcome.Refunded, OrderStage.Refunded) when after.Refund is null => Utterance.Refunded(after.Amount),
            _ => null,
        };
    }
}
