namespace CanteenPay.Channels;

/// <summary>
/// A bank or wallet that takes payments by QR code.
/// Every answer is one of a closed set of records: match on them. A call throws only for a programming or configuration
/// error (<see cref="ArgumentException"/>) and when the caller's own token is cancelled (<see cref="OperationCanceledException"/>);
/// whatever the network or the other side does is an <c>Unknown</c> outcome.
/// Nothing is ever retried in here: a second create or refund is the caller's decision.
/// </summary>
public interface IPaymentChannel
{
    /// <summary>The name that <see cref="ChannelAccount.Channel"/> and notification addresses use, e.g. <c>swiftpass</c>.</summary>
    string Name { get; }

    /// <summary>Opens an order and gets the text of the QR that pays it.</summary>
    /// <exception cref="ArgumentException">A field of the request or of the account is outside its limits.</exception>
    Task<CreateOutcome> CreateQrOrderAsync(ChannelAccount account, CreateQrOrder request, CancellationToken cancellationToken);

    /// <summary>
    /// Asks whether an order was paid. The amount, merchant and currency of <see cref="PaymentOutcome.Paid"/> are what the channel
    /// answered: the caller compares them with its order.
    /// </summary>
    /// <exception cref="ArgumentException">The order number or the account is outside its limits.</exception>
    Task<PaymentOutcome> QueryAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken);

    /// <summary>Asks the channel to refuse any later payment of an order. Channels refuse this during the first 5 minutes.</summary>
    /// <exception cref="ArgumentException">The order number or the account is outside its limits.</exception>
    Task<CloseOutcome> CloseAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken);

    /// <summary>
    /// Asks for money to go back. Safe to repeat with the same <see cref="RefundRequest.RefundNo"/> and amounts.
    /// A channel usually only takes note (<see cref="RefundOutcome.Waiting"/>); <see cref="QueryRefundAsync"/> tells the end.
    /// </summary>
    /// <exception cref="ArgumentException">A field of the request or of the account is outside its limits.</exception>
    Task<RefundOutcome> RefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken);

    /// <summary>Asks what became of a refund.</summary>
    /// <exception cref="ArgumentException">A field of the request or of the account is outside its limits.</exception>
    Task<RefundOutcome> QueryRefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a notification. It is trusted by its signature alone, never by where it came from.
    /// The order number of <see cref="NotificationOutcome.Paid"/> is the channel's word; the caller looks the order up and compares.
    /// </summary>
    /// <exception cref="ArgumentException">The account is incomplete.</exception>
    NotificationOutcome ReadNotification(ChannelAccount account, ReadOnlyMemory<byte> body);

    /// <summary>The plain text to answer a notification with: accepted (do not send again) or not (send again later).</summary>
    string NotificationReply(bool accepted);
}
