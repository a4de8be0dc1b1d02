using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>How an order moves when the cloud speaks. An end state never goes back; only a refund follows one.</summary>
internal static class OrderRules
{
    /// <summary>
    /// The order after a result. Messages come twice and out of turn: what is older than what is known changes nothing.
    /// "Paid" after an end that was not paid, or the reverse, cannot come from a right cloud: the first word stands and the order is marked as disputed.
    /// </summary>
    public static Order After(Order order, PayResult result) => result.Outcome switch
    {
        PayOutcome.Closing => order.IsEnded ? order : order with { Stage = OrderStage.Closing },
        PayOutcome.Paid => AfterPaid(order, result),
        PayOutcome.Closed => AfterUnpaid(order, OrderStage.Closed),
        PayOutcome.Failed => AfterUnpaid(order, OrderStage.Failed),
        PayOutcome.Refunded => order with { Stage = OrderStage.Refunded, Wallet = result.Wallet ?? order.Wallet, Disputed = false },
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "Not an outcome."),
    };

    private static Order AfterPaid(Order order, PayResult result) => order.Stage switch
    {
        OrderStage.Paid or OrderStage.Refunded => order,
        OrderStage.Closed or OrderStage.Failed or OrderStage.Refused => order with { Disputed = true },
        _ => order with { Stage = OrderStage.Paid, Wallet = result.Wallet, PaidAt = result.PaidAt },
    };

    private static Order AfterUnpaid(Order order, OrderStage stage) => order switch
    {
        { Stage: OrderStage.Paid } => order with { Disputed = true },
        { IsEnded: true } => order,
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
            (PayOutcome.Refunded, OrderStage.Refunded) => Utterance.Refunded(after.Amount),
            _ => null,
        };
    }
}
