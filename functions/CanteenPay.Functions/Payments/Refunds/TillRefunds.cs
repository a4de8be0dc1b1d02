using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Payments.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Refunds;

/// <summary>Refunds that a manager asks for at the till. The PIN is the machine's business; whose order it is and of which day is checked here.</summary>
internal sealed class TillRefunds(
    OrderStore orders, RefundLife life, Announcements announcements, DeviceRegistry devices, MachineLink machines, TimeProvider clock, ILogger<TillRefunds> logger)
{
    /// <summary>Answered at once with how the refund stands; the machine asks again until it has ended.</summary>
    /// <param name="request">What the machine asks, about an order of its own.</param>
    /// <param name="sentAt">When the broker took the message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TakeAsync(PayRefund request, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        var order = await orders.FindAsync(request.OrderId, cancellationToken);
        var wish = new RefundWish(RefundOrigin.Till, request.RefundKey, request.Amount, Reason: null);
        // A late copy must not begin what its first copy was refused and the manager has settled otherwise since. Whoever still waits asks again by itself.
        if (order is not null && clock.GetUtcNow() - sentAt > RequestRules.MaxAge && await life.FindAsync(order.Order, wish, cancellationToken) is null)
        {
            PaymentLog.LateRefundIgnored(logger, request.OrderId.Value, sentAt);
            return;
        }

        var (refund, refusal, _) = order is null
            ? (null, RefusalCode.UnknownOrder, false)
            : await RefusalAsync(order.Order, request, wish, cancellationToken) is { } code ? (null, code, false) : await life.RequestAsync(order, wish, cancellationToken);
        if (refusal is not null)
        {
            PaymentLog.RefundRefused(logger, request.OrderId.Value, refusal, request.OrderId.Device.Value);
            await machines.SendPaymentAsync(
                request.OrderId.Device, RefundAnswers.Refused(request, refusal, order?.Order), expiry: null, cancellationToken);
            return;
        }

        // What it found may have changed the order's totals.
        var after = await orders.FindAsync(request.OrderId, cancellationToken);
        await announcements.TellAsync(after!.Order, refund!.Refund, mayBeSpoken: true, cancellationToken);
    }

    /// <summary>Why a machine may not begin this refund. One that was begun is told of however long it takes, also to a machine that was blocked meanwhile.</summary>
    private async Task<string?> RefusalAsync(Order order, PayRefund request, RefundWish wish, CancellationToken cancellationToken)
    {
        if (!Crockford.IsValid(request.RefundKey, PayRefund.RefundKeyLength))
            return RefusalCode.BadRequest;
        if (await life.FindAsync(order, wish, cancellationToken) is not null)
            return null;
        if (await devices.FindAsync(request.OrderId.Device, cancellationToken) is not { IsActive: true })
            return RefusalCode.DeviceNotAllowed;
        return RequestRules.IsOfOurTime(request.RequestedAt, clock.GetUtcNow()) ? null : RefusalCode.BadRequest;
    }
}
