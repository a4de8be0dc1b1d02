using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>One step of an open refund, of the queue <c>payment-polls</c>.</summary>
internal sealed class RefundPoll(
    OrderStore orders, RefundStore store, OpenOrderStore open, RefundLife life, PaymentStepQueue steps, ParkedStore parked, TimeProvider clock)
{
    /// <summary>Takes one step and schedules the next. Safe to run again after any I/O.</summary>
    public async Task TakeAsync(PaymentStep step, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(new RefundId(step.OrderId, step.Refund), cancellationToken) is not { } row)
            return;

        if (!row.Refund.IsOpen)
        {
            if (await open.IsThereAsync(row.Refund.OpenKey, cancellationToken))
                await life.FinishAsync(row.Refund, cancellationToken);
            return;
        }

        row = await life.StepAsync(row, cancellationToken);
        if (!row.Refund.IsOpen)
            return;
        if (clock.GetUtcNow() - row.Refund.CreatedAt < RefundSchedule.Slow)
            await steps.ScheduleNextAsync(row.Refund, clock.GetUtcNow(), step.Number, cancellationToken);
        else if (await orders.FindAsync(row.Refund.Id.Order, cancellationToken) is { } order)
            await parked.KeepAsync(PaymentParking.Of(order.Order, row.Refund, clock.GetUtcNow()), cancellationToken);
    }
}
