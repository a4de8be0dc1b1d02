using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Terminal;

/// <summary>What may go back of an order, and how a refund moves when the cloud speaks.</summary>
internal static class RefundRules
{
    /// <summary>What may still go back, in fen: a refund that has no end yet counts as gone. Not above zero when nothing is left.</summary>
    public static Fen Left(Order order) => order.Amount - order.RefundedSoFar - (order.Refund is { IsEnded: false } running ? running.Amount : Fen.Zero);

    /// <summary>Why an order cannot be refunded at this till today; null when it can.</summary>
    /// <param name="order">The order; null when none was chosen.</param>
    /// <param name="today">The business day, by the cloud's time.</param>
    public static Notice? Refusal(Order? order, DateOnly today) => order switch
    {
        null => Notice.RefundNone,
        { Refund.IsEnded: false } => Notice.RefundRunning,
        { Disputed: true } or { Stage: not OrderStage.Paid } => Notice.RefundNotAllowed,
        _ when BusinessDay.Of(order.PaidAt ?? order.RequestedAt) != today => Notice.RefundNotToday,
        _ when Left(order) <= Fen.Zero => Notice.RefundNotAllowed,
        _ => null,
    };

    /// <summary>The order with a new refund.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Nothing, or more than what is left.</exception>
    public static Order Asked(Order order, Fen amount, FreshRefund fresh)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(amount.Value, 0, nameof(amount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amount, Left(order));
        return order with { Refund = new() { Key = fresh.Key, OrderId = order.Id, Amount = amount, RequestedAt = fresh.RequestedAt } };
    }

    /// <summary>
    /// Order and refund after the cloud's word. "Refunded" is never taken back; it may follow a refusal, because the money moved. The order's total never falls:
    /// messages come out of turn.
    /// </summary>
    public static (Order Order, Refund Refund) After(Order order, Refund refund, PayRefundResult result)
    {
        var next = (refund.Stage, result.Progress) switch
        {
            (RefundStage.Refunded, _) => refund,
            (_, RefundProgress.Refunded) => refund with { Stage = RefundStage.Refunded, Refusal = null },
            (RefundStage.Refused, _) => refund,
            (_, RefundProgress.Refused) => refund with { Stage = RefundStage.Refused, Refusal = result.Message },
            _ => refund with { Stage = RefundStage.Pending },
        };
        var here = next.Stage == refund.Stage || next.Stage != RefundStage.Refunded ? order.RefundedHere : order.RefundedHere + refund.Amount;
        var after = order with { RefundedHere = here, Refund = order.Refund?.Key == next.Key ? next : order.Refund };
        return (WithRefunded(after, result.RefundedSoFar), next);
    }

    /// <summary>The order with what went back of it, as told and as known here; with all of it gone it is refunded.</summary>
    public static Order WithRefunded(Order order, Fen? told)
    {
        var soFar = Largest(order.RefundedSoFar, order.RefundedHere, told ?? Fen.Zero);
        soFar = soFar > order.Amount ? order.Amount : soFar;
        return order with { RefundedSoFar = soFar, Stage = order.Stage == OrderStage.Paid && soFar == order.Amount ? OrderStage.Refunded : order.Stage };
    }

    /// <summary>What may be said about a refund, or null: once for its key, ever. <c>say</c> is a permission, and an age that is not stated counts as too old.</summary>
    public static Utterance? Words(Refund after, PayRefundResult result) =>
        !after.Spoken && after.Stage == RefundStage.Refunded && result is { Progress: RefundProgress.Refunded, Say: not null, AgeMs: not null }
            ? Utterance.Refunded(after.Amount)
            : null;

    private static Fen Largest(Fen first, Fen second, Fen third) => new(Math.Max(first.Value, Math.Max(second.Value, third.Value)));
}
