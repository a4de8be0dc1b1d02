using System.Diagnostics;
using CanteenPay.Channels;
using CanteenPay.Functions.Telemetry;

namespace CanteenPay.Functions.Payments;

/// <summary>A channel whose calls are seen: each is a span, and one without a definite answer is counted.</summary>
internal sealed class ObservedChannel(IPaymentChannel channel) : IPaymentChannel
{
    /// <inheritdoc/>
    public string Name => channel.Name;

    /// <inheritdoc/>
    public Task<CreateOutcome> CreateQrOrderAsync(ChannelAccount account, CreateQrOrder request, CancellationToken cancellationToken) =>
        SeeAsync("create", () => channel.CreateQrOrderAsync(account, request, cancellationToken), outcome => (outcome as CreateOutcome.Unknown)?.Doubt);

    /// <inheritdoc/>
    public Task<PaymentOutcome> QueryAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken) =>
        SeeAsync("query", () => channel.QueryAsync(account, orderNo, cancellationToken), outcome => (outcome as PaymentOutcome.Unknown)?.Doubt);

    /// <inheritdoc/>
    public Task<CloseOutcome> CloseAsync(ChannelAccount account, string orderNo, CancellationToken cancellationToken) =>
        SeeAsync("close", () => channel.CloseAsync(account, orderNo, cancellationToken), outcome => (outcome as CloseOutcome.Unknown)?.Doubt);

    /// <inheritdoc/>
    public Task<RefundOutcome> RefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken) =>
        SeeAsync("refund", () => channel.RefundAsync(account, request, cancellationToken), outcome => (outcome as RefundOutcome.Unknown)?.Doubt);

    /// <inheritdoc/>
    public Task<RefundOutcome> QueryRefundAsync(ChannelAccount account, RefundRequest request, CancellationToken cancellationToken) =>
        SeeAsync("query refund", () => channel.QueryRefundAsync(account, request, cancellationToken), outcome => (outcome as RefundOutcome.Unknown)?.Doubt);

    /// <inheritdoc/>
    public NotificationOutcome ReadNotification(ChannelAccount account, ReadOnlyMemory<byte> body) => channel.ReadNotification(account, body);

    /// <inheritdoc/>
    public string NotificationReply(bool accepted) => channel.NotificationReply(accepted);

    /// <summary>Of an answer only its kind is told: the bank's words may name people.</summary>
    private async Task<TOutcome> SeeAsync<TOutcome>(string operation, Func<Task<TOutcome>> callAsync, Func<TOutcome, Doubt?> doubtOf)
        where TOutcome : notnull
    {
        using var span = Spans.Start($"{channel.Name} {operation}", ActivityKind.Client);
        var outcome = await callAsync();
        span?.SetTag("canteenpay.channel.outcome", outcome.GetType().Name);
        if (doubtOf(outcome) is { } doubt)
        {
            PaymentMeters.ChannelFailed(channel.Name, operation, doubt.Kind.ToString());
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", doubt.Kind.ToString());
        }

        return outcome;
    }
}
