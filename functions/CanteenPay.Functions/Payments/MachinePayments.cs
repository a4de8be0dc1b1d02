using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;
using CloudEvent = Azure.Messaging.CloudEvent;

namespace CanteenPay.Functions.Payments;

/// <summary>What machines say of payments: queue <c>device-payments</c>.</summary>
internal sealed class MachinePayments(
    DeviceInbox inbox, OrderStore store, OpenOrderStore open, OrderLife life, Announcements announcements, TillRefunds refunds, PaymentStepQueue steps,
    DeviceRegistry devices, MerchantRegistry merchants, MachineLink machines, TimeProvider clock, ILogger<MachinePayments> logger)
{
    /// <summary>The queue.</summary>
    public const string Queue = "device-payments";

    /// <summary>Takes one message. Safe to run again after any step.</summary>
    [Function("MachinePayments")]
    public Task RunAsync(
        [ServiceBusTrigger(Queue, Connection = "ServiceBus")] CloudEvent routed, FunctionContext context, CancellationToken cancellationToken) =>
        inbox.TakeAsync(Queue, routed, context, TakeAsync, cancellationToken);

    private Task TakeAsync(DeviceEnvelope envelope, CancellationToken cancellationToken) => envelope.Message switch
    {
        PayRequest request => RequestAsync(envelope, request, cancellationToken),
        PayCancel cancel => CancelAsync(Own(envelope, cancel.OrderId), cancellationToken),
        PayStatus status => StatusAsync(Own(envelope, status.OrderId), cancellationToken),
        PayRefund refund when Own(envelope, refund.OrderId) == refund.OrderId => refunds.TakeAsync(refund, envelope.SentAt, cancellationToken),
        PayResultAck ack => AcknowledgeAsync(Own(envelope, ack.OrderId), ack, cancellationToken),
        var other => throw new DeviceMessageException($"Machine {envelope.Device} sent {other.GetType().Name} to the payments queue."),
    };

    private async Task RequestAsync(DeviceEnvelope envelope, PayRequest request, CancellationToken cancellationToken)
    {
        var device = await devices.FindAsync(envelope.Device, cancellationToken);
        var merchant = device is null ? null : await merchants.FindAsync(device.Merchant, cancellationToken);
        var now = clock.GetUtcNow();
        if (RequestRules.Refusal(request, envelope.Device, envelope.SentAt, device, merchant, now) is { } refusal)
        {
            // No new order any more, but one that is here already goes on all the same: its diner may have paid.
            if (refusal is RefusalCode.RequestTooOld or RefusalCode.MerchantSuspended or RefusalCode.ServiceEnded or RefusalCode.MerchantNotActive
                && await store.FindAsync(request.OrderId, cancellationToken) is { } old)
                await GoOnAsync(old, cancellationToken);
            else
                await RefuseAsync(envelope.Device, request.OrderId, refusal, cancellationToken);
            return;
        }

        var (row, inserted) = await store.InsertAsync(NewOrder(request, merchant!, now), cancellationToken);
        if (inserted)
        {
            PaymentLog.OrderRequested(logger, request.OrderId.Value, request.Amount.ToString());
        }
        else if (!row.Order.IsTombstone && !IsSame(row.Order, request))
        {
            await RefuseAsync(envelope.Device, request.OrderId, RefusalCode.OrderIdReused, cancellationToken);
            return;
        }

        if (row.Order.State != OrderState.Requested)
        {
            await GoOnAsync(row, cancellationToken);
            return;
        }

        // Side by side: the diner waits for the QR, and the first poll must be there even if nothing after it is.
        var scheduled = ScheduleNextPollAsync(row.Order, cancellationToken);
        var asked = life.AskForQrAsync(row, merchant!.Name, cancellationToken);
        await Task.WhenAll(scheduled, asked);
    }

    private async Task CancelAsync(OrderId id, CancellationToken cancellationToken)
    {
        var row = await store.FindAsync(id, cancellationToken);
        if (row is null)
        {
            if (!await CouldBeRequestedAsync(id, cancellationToken))
            {
                // Its request would be refused in any case: cancelled for good, also without a tombstone, or the machine would ask for ever.
                await RefuseAsync(id.Device, id, RefusalCode.Cancelled, cancellationToken);
                return;
            }

            (row, _) = await store.InsertAsync(Tombstone(id, clock.GetUtcNow()), cancellationToken);
        }

        var after = await life.ApplyAsync(row, new OrderEvent.GivenUp(), cancellationToken);
        if (after == row)
            await AnswerAsync(row, asked: false, cancellationToken);
        if (after.Order.NeedsStep)
            await ScheduleNextPollAsync(after.Order, cancellationToken);
    }

    /// <summary>A machine leaves tombstones only where its orders could be: its own merchant's, of about today.</summary>
    private async Task<bool> CouldBeRequestedAsync(OrderId id, CancellationToken cancellationToken) =>
        await devices.FindAsync(id.Device, cancellationToken) is { IsActive: true } device
        && device.Merchant == id.Merchant && RequestRules.IsOfAboutToday(id, clock.GetUtcNow());

    /// <summary>Answers for an order that was here before, and sees to it that somebody polls it.</summary>
    private async Task GoOnAsync(OrderRow row, CancellationToken cancellationToken)
    {
        await AnswerAsync(row, asked: false, cancellationToken);
        if (row.Order.NeedsStep)
            await ScheduleNextPollAsync(row.Order, cancellationToken);
    }

    private Task ScheduleNextPollAsync(Order order, CancellationToken cancellationToken) =>
        steps.ScheduleNextPollAsync(order, clock.GetUtcNow(), PaymentStepQueue.NoneTaken, cancellationToken);

    private async Task StatusAsync(OrderId id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is { } row)
            await AnswerAsync(row, asked: true, cancellationToken);
        else
            await RefuseAsync(id.Device, id, RefusalCode.UnknownOrder, cancellationToken);
    }

    private async Task AcknowledgeAsync(OrderId id, PayResultAck ack, CancellationToken cancellationToken)
    {
        PaymentLog.ResultAcknowledged(logger, id.Value, ack.Outcome, ack.Spoken, ack.ShownAt);
        if (ack.Outcome != PayOutcome.Closing)
            await store.AcknowledgeAsync(id, ack.Outcome, cancellationToken);
    }

    /// <summary>Says how the order stands; takes its last steps first if a kill left them.</summary>
    private async Task AnswerAsync(OrderRow row, bool asked, CancellationToken cancellationToken)
    {
        var order = row.Order;
        if (!order.NeedsStep && await open.IsThereAsync(order.OpenKey, cancellationToken))
            await life.FinishAsync(row, cancellationToken);
        else
            await announcements.TellAsync(order, mayBeSpoken: asked && order.Acknowledged != order.Outcome, cancellationToken);
    }

    private async Task RefuseAsync(DeviceId device, OrderId order, string code, CancellationToken cancellationToken)
    {
        PaymentLog.OrderRefused(logger, order.Value, code, device.Value);
        PaymentMeters.Refused(code);
        await machines.SendPaymentAsync(device, MachineAnswers.Refused(order, code).Message, RequestRules.MaxAge, cancellationToken);
    }

    private static OrderId Own(DeviceEnvelope envelope, OrderId order) => order.Device == envelope.Device
        ? order
        : throw new DeviceMessageException($"Machine {envelope.Device} spoke of order {order}, which is another machine's.");

    private static bool IsSame(Order order, PayRequest request) =>
        (order.Amount, order.Kind, order.RequestedAt, order.RetryOf) == (request.Amount, request.Kind, request.RequestedAt, request.RetryOf);

    private static Order NewOrder(PayRequest request, MerchantProfile merchant, DateTimeOffset now) => new()
    {
        Id = request.OrderId,
        State = OrderState.Requested,
        Amount = request.Amount,
        Kind = request.Kind,
        Channel = merchant.Channel,
        ChannelMerchantId = merchant.ChannelMerchantId,
        RequestedAt = request.RequestedAt,
        CreatedAt = now,
        ExpiresAt = now + TimeSpan.FromSeconds(request.ExpiresInS),
        OpenKey = OpenOrderRow.For(request.OrderId, now).Key,
        RetryOf = request.RetryOf,
        Traceparent = Spans.Current ?? request.Traceparent,
    };

    private static Order Tombstone(OrderId id, DateTimeOffset now) => new()
    {
        Id = id,
        State = OrderState.Closed,
        Amount = Fen.Zero,
        Kind = "",
        Channel = "",
        ChannelMerchantId = "",
        RequestedAt = now,
        CreatedAt = now,
        ExpiresAt = now,
        OpenKey = null,
    };
}
