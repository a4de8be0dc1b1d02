using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>What of payments is kept for a person. The keys repeat with what they are about, so that keeping it twice keeps it once.</summary>
internal static class PaymentParking
{
    /// <summary>A payment that the channel confirmed and that is not what its order waits for.</summary>
    public static ParkedItem Of(Order order, ReviewReason reason, ConfirmedPayment payment, DateTimeOffset now) => new(
        now,
        "payments",
        $"{order.Id}-{reason}-{payment.Payment.ChannelTransactionNo}",
        $"{reason}: order {order.Id} of {order.Amount} yuan is {order.State}; the channel says {payment.Amount} {payment.Currency} were paid to {payment.ChannelMerchantId}.",
        Json(payment, FunctionsJson.Default.ConfirmedPayment));

    /// <summary>An order about which the channel is silent.</summary>
    public static ParkedItem Of(Order order, DateTimeOffset now) => new(
        now,
        "orders",
        $"{order.Id}-{order.Review}",
        $"{order.Review}: order {order.Id} of {order.Amount} yuan was asked to be closed {order.UnansweredCloses} times without an answer.",
        Json(OrderView.Of(order), FunctionsJson.Default.OrderView));

    /// <summary>A refund that the channel refused, or that has no end for so long that a person should ask the bank.</summary>
    public static ParkedItem Of(Order order, Refund refund, DateTimeOffset now) => new(
        now,
        "refunds",
        $"{refund.Id}-{refund.State}",
        refund.State == RefundState.Refused
            ? $"The channel refused to give {refund.Amount} yuan of order {order.Id} back ({refund.Origin}): {refund.RefusalCode} {refund.RefusalMessage}"
            : $"Whether {refund.Amount} yuan of order {order.Id} went back ({refund.Origin}) is not known since {BusinessDay.Local(refund.CreatedAt):yyyy-MM-dd HH:mm}.",
        Json(RefundView.Of(refund), FunctionsJson.Default.RefundView));

    /// <summary>An order or a refund whose steps fail.</summary>
    public static ParkedItem Of(PaymentStep step, string reason, DateTimeOffset now) =>
        new(now, PaymentStepQueue.Queue, step.MessageId, reason, Json(step, FunctionsJson.Default.PaymentStep));

    /// <summary>A verified payment for which there is no order.</summary>
    public static ParkedItem Of(MerchantId merchant, string channel, ConfirmedPayment payment, DateTimeOffset now) => new(
        now,
        "notify",
        $"{channel}-{payment.Payment.ChannelTransactionNo}",
        $"A payment of merchant {merchant} was notified for the order {payment.OrderNo}, which is not known.",
        Json(payment, FunctionsJson.Default.ConfirmedPayment));

    private static BinaryData Json<T>(T value, JsonTypeInfo<T> type) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, type));
}
