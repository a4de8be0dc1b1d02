using CanteenPay.Channels;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>What a channel's answers mean to an order. Null: it says nothing, and the next poll asks again.</summary>
internal static class ChannelWords
{
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(30);

    /// <summary>The answer to the create.</summary>
    public static OrderEvent? Of(CreateOutcome outcome) => outcome switch
    {
        CreateOutcome.Created created => new OrderEvent.QrIssued(created.QrText),
        CreateOutcome.Refused refused => new OrderEvent.CreateRefused(refused.Message),
        _ => null,
    };

    /// <summary>The answer to a query.</summary>
    public static OrderEvent? Of(PaymentOutcome outcome) => outcome switch
    {
        PaymentOutcome.Paid paid => Of(paid.Facts),
        PaymentOutcome.NotPaid => new OrderEvent.ClosedAtChannel(),
        _ => null,
    };

    /// <summary>
    /// The answer to a close, once a query has not ended the order either. Channels refuse a close that is too early by their clock; a refusal long after
    /// <see cref="PollSchedule.CloseAfter"/> is no answer, or an order would be asked about for ever.
    /// </summary>
    public static OrderEvent? Of(CloseOutcome outcome, Order order, DateTimeOffset now) => outcome switch
    {
        CloseOutcome.Closed => new OrderEvent.ClosedAtChannel(),
        CloseOutcome.StillOpen when now - order.CreatedAt < PollSchedule.CloseAfter + ClocksDiffer => null,
        // No QR of ours was ever shown, and the channel's time to make one is over: there is nothing that could be paid.
        CloseOutcome.NotFound when order.Qr is null => new OrderEvent.ClosedAtChannel(),
        _ => new OrderEvent.CloseUnanswered(),
    };

    /// <summary>The answers to a refund.</summary>
    /// <param name="asked">The answer to asking for it; null when it was not asked for.</param>
    /// <param name="answer">What is believed: that answer, or the query's.</param>
    /// <param name="request">What was asked.</param>
    public static RefundEvent? Of(RefundOutcome? asked, RefundOutcome answer, RefundRequest request) => (asked, answer) switch
    {
        // Another amount or number is not our refund: nothing is believed, and the steps go on until a person looks.
        (_, RefundOutcome.Refunded { Facts: var facts }) => facts.RefundFen == request.RefundFen && facts.RefundNo == request.RefundNo
            ? new RefundEvent.MoneyWentBack(facts.RefundedAt, facts.ChannelRefundNo)
            : null,
        (_, RefundOutcome.Waiting waiting) => new RefundEvent.Taken(waiting.ChannelRefundNo),
        (_, RefundOutcome.Refused failed) => new RefundEvent.Failed(failed.Code, failed.Message),
        (RefundOutcome.Refused refused, RefundOutcome.NotFound) => new RefundEvent.AttemptRefused(refused.Code, refused.Message),
        (null, RefundOutcome.NotFound) => new RefundEvent.NotKnown(),
        _ => null,
    };

    /// <summary>A verified payment.</summary>
    public static OrderEvent.PaymentConfirmed Of(PaymentFacts facts) => new(new(
        facts.OrderNo,
        facts.MerchantId,
        new Fen(facts.AmountFen),
        facts.Currency,
        new Payment(Of(facts.Wallet), facts.PaidAt, facts.ChannelTransactionNo, facts.WalletTransactionNo),
        facts.Refunded));

    private static Protocol.Wallet? Of(Channels.Wallet wallet) => wallet switch
    {
        Channels.Wallet.WeChat => Protocol.Wallet.WeChat,
        Channels.Wallet.Alipay => Protocol.Wallet.Alipay,
        Channels.Wallet.UnionPay => Protocol.Wallet.UnionPay,
        _ => null,
    };
}
