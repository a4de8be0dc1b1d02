using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>What a machine is told of a refund that its till asked for.</summary>
internal static class RefundAnswers
{
    /// <summary>How it stands; null for a refund that another asked for, of which the order's own result tells.</summary>
    /// <param name="order">The order.</param>
    /// <param name="refund">The refund.</param>
    /// <param name="mayBeSpoken">Whether the machine may say it aloud, within <see cref="MachineAnswers.SpokenWithin"/> of the channel's word.</param>
    /// <param name="now">The cloud's clock.</param>
    public static MachineAnswer? For(Order order, Refund refund, bool mayBeSpoken, DateTimeOffset now)
    {
        if (refund.Origin != RefundOrigin.Till)
            return null;
        var refused = refund.State == RefundState.Refused;
        var age = refund.State == RefundState.Refunded && refund.ConfirmedAt is { } confirmedAt && confirmedAt <= now ? now - confirmedAt : (TimeSpan?)null;
        var speech = mayBeSpoken && age < MachineAnswers.SpokenWithin ? Utterance.Refunded(refund.Amount) : null;
        return new(
            new PayRefundResult
            {
                OrderId = order.Id,
                RefundKey = refund.Key,
                Amount = refund.Amount,
                Progress = refused ? RefundProgress.Refused : refund.IsOpen ? RefundProgress.Pending : RefundProgress.Refunded,
                RefundedSoFar = order.Refunded,
                Code = refused ? RefusalCode.ChannelRefused : null,
                Message = refused ? new($"银行拒绝退款：{refund.RefusalMessage}", $"The bank refused the refund: {refund.RefusalMessage}") : null,
                AgeMs = (long?)age?.TotalMilliseconds,
                Say = speech?.Words,
                Clips = speech?.ClipIds,
            },
            speech is null ? null : MachineAnswers.SpokenFor(age!.Value));
    }

    /// <summary>The words with which a refund is refused before it is made.</summary>
    public static PayRefundResult Refused(PayRefund request, string code, Order? order) => new()
    {
        OrderId = request.OrderId,
        RefundKey = request.RefundKey,
        Amount = request.Amount,
        Progress = RefundProgress.Refused,
        RefundedSoFar = order?.Refunded ?? Fen.Zero,
        Code = code,
        Message = RefusalWords.Of(code),
    };
}
