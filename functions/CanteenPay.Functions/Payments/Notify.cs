using CanteenPay.Azure.Functions;
using CanteenPay.Channels;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>Notifications of channels: <c>POST /notify/{channel}/{merchantId}</c>. Anonymous; trusted by their signature alone.</summary>
internal sealed class Notify(
    OrderStore store, OpenOrderStore open, OrderLife life, ChannelAccounts accounts, MerchantRegistry merchants, ParkedStore parked, TimeProvider clock,
    ILogger<Notify> logger)
{
    private const int MaxBody = 64 * 1024;

    private static readonly TimeSpan LongestTaking = TimeSpan.FromSeconds(30);

    /// <summary>The endpoint.</summary>
    [Function("Notify")]
    public static void Map([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "notify/{*path}")] RouteGroupBuilder notify) => notify.MapPost(
        "/{channel}/{merchantId}",
        static (string channel, string merchantId, HttpRequest request, Notify handler, CancellationToken cancellationToken) =>
            handler.ReceiveAsync(channel, merchantId, request, cancellationToken));

    private async Task<IResult> ReceiveAsync(string channel, string merchantId, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MerchantId.TryParse(merchantId, null, out var id)
            || await merchants.FindAsync(id, cancellationToken) is not { } merchant || merchant.Channel != channel)
        {
            return Results.NotFound();
        }

        if (await RequestBytes.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);

        var (port, account) = accounts.For(channel, merchant.ChannelMerchantId);
        // Not the request's own token: a bank that hangs up while its word is being written must not stop what follows the write.
        using var limit = new CancellationTokenSource(LongestTaking, clock);
        var accepted = await TakeAsync(id, port.ReadNotification(account, body), channel, limit.Token);
        return Results.Text(port.NotificationReply(accepted), "text/plain");
    }

    /// <summary>True once what it says is durable, or is kept for a person; false makes the channel send it again.</summary>
    internal async Task<bool> TakeAsync(MerchantId merchant, NotificationOutcome notification, string channel, CancellationToken cancellationToken)
    {
        switch (notification)
        {
            case NotificationOutcome.Unknown { Doubt: var doubt }:
                PaymentLog.NotificationRefused(logger, channel, merchant.Value, doubt.Kind, doubt.Code, doubt.Message);
                return false;
            case NotificationOutcome.Paid { Facts: var facts }:
                if (!OrderId.TryParse(facts.OrderNo, null, out var id) || id.Merchant != merchant || await store.FindAsync(id, cancellationToken) is not { } row)
                    await parked.KeepAsync(PaymentParking.Of(merchant, channel, ChannelWords.Of(facts).Confirmed, clock.GetUtcNow()), cancellationToken);
                else
                    await ApplyAsync(row, facts, cancellationToken);
                return true;
            default:
                // Signed, but not of a payment: it ends nothing, the polls go on.
                return true;
        }
    }

    private async Task ApplyAsync(OrderRow row, PaymentFacts facts, CancellationToken cancellationToken)
    {
        using var span = Spans.Continue("process notification", row.Order);
        var after = await life.ApplyAsync(row, ChannelWords.Of(facts), cancellationToken);
        // Nothing changed: a notification that comes again because a kill left the last steps undone.
        if (after == row && !row.Order.NeedsStep && await open.IsThereAsync(row.Order.OpenKey, cancellationToken))
            await life.FinishAsync(row, cancellationToken);
    }
}
