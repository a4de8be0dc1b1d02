using CanteenPay.Azure.Functions;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Refunds;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Functions.Telemetry;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>One step of an open order: queue <c>payment-polls</c>.</summary>
internal sealed class PaymentPoll(
    OrderStore store, OpenOrderStore open, OrderLife life, Announcements announcements, RefundPoll refunds, PaymentStepQueue steps, MerchantRegistry merchants,
    ParkedStore parked, TimeProvider clock, Random chance, ILogger<PaymentPoll> logger)
{
    /// <summary>A step that could not be taken is tried so often, then kept for a person; the sweep goes on reviving the order.</summary>
    public const int MaxTries = 12;

    /// <summary>A machine that does not acknowledge is told so often; after that it asks by itself when it is back.</summary>
    public const int MaxAnnouncements = 4;

    private const string SpanName = $"process {PaymentStepQueue.Queue}";

    /// <summary>The till stops waiting for a QR after this time (the machine's "no QR within 8 s").</summary>
    private static readonly TimeSpan QrWanted = TimeSpan.FromSeconds(8);

    /// <summary>A result that was not acknowledged is said again after this time, then after twice as long, and so on.</summary>
    public static readonly TimeSpan FirstAnnouncementAgain = TimeSpan.FromSeconds(5);

    /// <summary>Takes one step and schedules the next.</summary>
    [Function("PaymentPoll")]
    public async Task RunAsync([ServiceBusTrigger(PaymentStepQueue.Queue, Connection = "ServiceBus")] PaymentStep step, FunctionContext context, CancellationToken cancellationToken)
    {
        using var span = Spans.Continue(SpanName, context.ApplicationProperties.GetValueOrDefault(Spans.MessageProperty));
        span?.SetTag(MessageSpans.OrderTag, step.OrderId.Value);
        PaymentMeters.Polled();
        try
        {
            await TakeAsync(step, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            span?.Fail(e);
            // Whatever it was (storage, identity, a missing key): a failed invocation would come back at once, ten times. Waiting is ours.
            await TryLaterAsync(step, e, cancellationToken);
        }
    }

    private async Task TakeAsync(PaymentStep step, CancellationToken cancellationToken)
    {
        if (step is { Refund: > 0, Kind: PaymentStepKind.Poll })
        {
            await refunds.TakeAsync(step, cancellationToken);
            return;
        }

        if (await store.FindAsync(step.OrderId, cancellationToken) is not { } row)
            return;

        // What the sweep revived bears no trace.
        using var revived = Spans.Current is null ? Spans.Continue(SpanName, row.Order) : null;
        if (!row.Order.NeedsStep)
        {
            await AfterEndAsync(row, step, cancellationToken);
            return;
        }

        row = await AskChannelAsync(row, cancellationToken);
        if (row.Order.NeedsStep)
            await steps.ScheduleNextPollAsync(row.Order, clock.GetUtcNow(), step.Kind == PaymentStepKind.Poll ? step.Number : PaymentStepQueue.NoneTaken, cancellationToken);
        else
            await AnnounceLaterAsync(row.Order, announced: 1, refund: 0, cancellationToken);
    }

    private async Task<OrderRow> AskChannelAsync(OrderRow row, CancellationToken cancellationToken)
    {
        var order = row.Order;
        var age = clock.GetUtcNow() - order.CreatedAt;
        switch (order.State)
        {
            case OrderState.Requested when age < QrWanted:
                var merchant = await merchants.FindAsync(order.Merchant, cancellationToken);
                return await life.AskForQrAsync(row, merchant?.Name ?? order.Merchant.Value, cancellationToken);
            case OrderState.Requested:
                return await life.ApplyAsync(row, new OrderEvent.GivenUp(), cancellationToken);
            case OrderState.Closing when age >= PollSchedule.CloseAfter:
                return await life.CloseAsync(row, cancellationToken);
            default:
                row = await life.QueryAsync(row, cancellationToken);
                return row.Order.State == OrderState.AwaitingPayment && clock.GetUtcNow() >= order.ExpiresAt
                    ? await life.ApplyAsync(row, new OrderEvent.GivenUp(), cancellationToken)
                    : row;
        }
    }

    private async Task AfterEndAsync(OrderRow row, PaymentStep step, CancellationToken cancellationToken)
    {
        if (await open.IsThereAsync(row.Order.OpenKey, cancellationToken))
            await life.FinishAsync(row, cancellationToken);
        else if (row.Order.AwaitsAcknowledgement && step.Kind == PaymentStepKind.Announce)
            await announcements.TellAsync(row.Order, mayBeSpoken: false, cancellationToken);

        var announced = step.Kind == PaymentStepKind.Announce ? step.Number + 1 : 1;
        await AnnounceLaterAsync(row.Order, announced, step.Refund, cancellationToken);
    }

    private async Task AnnounceLaterAsync(Order order, int announced, int refund, CancellationToken cancellationToken)
    {
        if (announced > MaxAnnouncements || !order.AwaitsAcknowledgement)
            return;
        var delay = FirstAnnouncementAgain * (1 << (announced - 1));
        await steps.ScheduleAsync(new(order.Id, PaymentStepKind.Announce, announced, Refund: refund), clock.GetUtcNow() + delay, cancellationToken);
    }

    private async Task TryLaterAsync(PaymentStep step, Exception exception, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (step.Try >= MaxTries)
        {
            await parked.KeepAsync(PaymentParking.Of(step, exception.Message, now), cancellationToken);
            return;
        }

        var delay = TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(step.Try, 6)) * (0.75 + chance.NextDouble() / 2));
        PaymentLog.StepFailed(logger, exception, step.MessageId, delay.TotalSeconds);
        await steps.ScheduleAsync(step with { Try = step.Try + 1 }, now + delay, cancellationToken);
    }
}
