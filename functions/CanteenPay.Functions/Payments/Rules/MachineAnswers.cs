using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>What a machine is told of an order.</summary>
internal static class MachineAnswers
{
    private static readonly TimeSpan PublishMayTake = TimeSpan.FromSeconds(12);

    /// <summary>
    /// A payment is spoken within 60 s, or only shown (design, invariant 5). Its age is stated before the message is published, and a busy broker may take this long
    /// to accept it: so much earlier nothing may be spoken any more.
    /// </summary>
    public static readonly TimeSpan SpokenWithin = TimeSpan.FromSeconds(60) - PublishMayTake;

    /// <summary>How the order stands: its QR, its refusal or its result; null while the channel is being asked for a QR.</summary>
    /// <param name="order">The order.</param>
    /// <param name="mayBeSpoken">Whether the machine may say it aloud: true until the first publish is known to have been made, or when it asks itself.</param>
    /// <param name="now">The cloud's clock.</param>
    public static MachineAnswer? For(Order order, bool mayBeSpoken, DateTimeOffset now) => order switch
    {
        { IsTombstone: true } => Refused(order.Id, RefusalCode.Cancelled),
        { State: OrderState.Requested } => null,
        { State: OrderState.AwaitingPayment } => Qr(order, now),
        { State: OrderState.Failed } => Failed(order),
        _ => Result(order, mayBeSpoken, now),
    };

    /// <summary>The words with which an order is refused.</summary>
    public static MachineAnswer Refused(OrderId order, string code) => new(new PayRefused { OrderId = order, Code = code, Message = RefusalWords.Of(code) });

    private static MachineAnswer Failed(Order order) => new(new PayRefused
    {
        OrderId = order.Id,
        Code = RefusalCode.ChannelRefused,
        Message = new($"银行拒绝下单：{order.FailureMessage}", $"The bank refused the order: {order.FailureMessage}"),
    });

    private static MachineAnswer Qr(Order order, DateTimeOffset now)
    {
        var remaining = Math.Max(0, (int)(order.ExpiresAt - now).TotalSeconds);
        return new(
            new PayQr { OrderId = order.Id, Amount = order.Amount, Qr = order.Qr!, ExpiresInS = remaining },
            TimeSpan.FromSeconds(Math.Max(1, remaining)));
    }

    private static MachineAnswer Result(Order order, bool mayBeSpoken, DateTimeOffset now)
    {
        var outcome = order.Outcome!.Value;
        var payment = order.Payment;
        var paid = outcome == PayOutcome.Paid ? payment! : null;
        // The channel's clock may be a little ahead of ours; if it is far ahead, nobody knows how old the payment is.
        var age = paid is null || paid.PaidAt > now ? TimeSpan.Zero : now - paid.PaidAt;
        var fresh = paid is not null && age < SpokenWithin && paid.PaidAt - now < SpokenWithin && order.Review is not ReviewReason.RefundedElsewhere;
        var speech = mayBeSpoken && fresh ? Utterance.Paid(order.Amount, paid!.Wallet) : null;
        return new(
            new PayResult
            {
                OrderId = order.Id,
                Amount = order.Amount,
                Outcome = outcome,
                Wallet = payment?.Wallet,
                PaidAt = payment is null ? null : BusinessDay.Local(payment.PaidAt),
                AgeMs = paid is null ? null : (long)age.TotalMilliseconds,
                RefundedSoFar = order.Refunded > Fen.Zero ? order.Refunded : null,
                Say = speech?.Words,
                Clips = speech?.ClipIds,
            },
            speech is null ? null : SpokenFor(age));
    }

    /// <summary>How long the broker may hold words about something of this age.</summary>
    public static TimeSpan SpokenFor(TimeSpan age) => TimeSpan.FromSeconds(Math.Max(1, Math.Floor((SpokenWithin - age).TotalSeconds)));
}

/// <summary>A message to a machine and how long the broker may hold it.</summary>
internal sealed record MachineAnswer(DeviceMessage Message, TimeSpan? Expiry = null);
