using CanteenPay.Channels;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>The events of payments in the log; ids 1000–1099.</summary>
internal static partial class PaymentLog
{
    [LoggerMessage(1000, LogLevel.Information, "Order {OrderId} requested: {Amount} yuan")]
    public static partial void OrderRequested(ILogger logger, string orderId, string amount);

    [LoggerMessage(1001, LogLevel.Information, "Order {OrderId}: {Before} -> {After}, {Amount} yuan, wallet {Wallet}, review {Review}")]
    public static partial void OrderChanged(
        ILogger logger, string orderId, OrderState before, OrderState after, string amount, Protocol.Wallet? wallet, ReviewReason? review);

    [LoggerMessage(1002, LogLevel.Warning, "Order {OrderId} refused: {Code}, machine {DeviceId}")]
    public static partial void OrderRefused(ILogger logger, string orderId, string code, string deviceId);

    [LoggerMessage(1003, LogLevel.Warning, "Order {OrderId}: the channel did not answer the {Call}: {Kind} {Code} {Message}")]
    public static partial void ChannelDoubt(ILogger logger, string orderId, string call, DoubtKind kind, string code, string message);

    [LoggerMessage(1004, LogLevel.Warning, "Notification of {Channel} for merchant {MerchantId} not believed: {Kind} {Code} {Message}")]
    public static partial void NotificationRefused(ILogger logger, string channel, string merchantId, DoubtKind kind, string code, string message);

    [LoggerMessage(1005, LogLevel.Error, "Step {MessageId} failed and is tried again in {DelaySeconds} s")]
    public static partial void StepFailed(ILogger logger, Exception exception, string messageId, double delaySeconds);

    [LoggerMessage(1006, LogLevel.Warning, "Sweep revived {Count} open orders")]
    public static partial void SweepRevived(ILogger logger, int count);

    [LoggerMessage(1007, LogLevel.Information, "Order {OrderId}: {Outcome} acknowledged by the machine, spoken {Spoken}, {ShownAt}")]
    public static partial void ResultAcknowledged(ILogger logger, string orderId, PayOutcome outcome, bool spoken, DateTimeOffset shownAt);

    [LoggerMessage(1008, LogLevel.Information, "Refund {RefundId} requested: {Amount} yuan, by {Origin}: {Reason}")]
    public static partial void RefundRequested(ILogger logger, string refundId, string amount, RefundOrigin origin, string? reason);

    [LoggerMessage(1009, LogLevel.Information, "Refund {RefundId}: {Before} -> {After}, {Amount} yuan, {RefusalMessage}")]
    public static partial void RefundChanged(ILogger logger, string refundId, RefundState before, RefundState after, string amount, string? refusalMessage);

    [LoggerMessage(1010, LogLevel.Warning, "Refund of order {OrderId} refused: {Code}, machine {DeviceId}")]
    public static partial void RefundRefused(ILogger logger, string orderId, string code, string deviceId);

    [LoggerMessage(1011, LogLevel.Information, "Refund of order {OrderId} not begun: the message of {SentAt} is a late copy")]
    public static partial void LateRefundIgnored(ILogger logger, string orderId, DateTimeOffset sentAt);

    [LoggerMessage(1012, LogLevel.Warning, "Orders of merchant {MerchantId} on {Day} were gone through by a person: {Orders} looked at, {Guarded} guarded again, {Posted} posted again")]
    public static partial void OrdersAgain(ILogger logger, string merchantId, DateOnly day, int orders, int guarded, int posted);
}
