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
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TakeAsync(PayRefund request, CancellationToken cancellationToken)
    {
        var device = await devices.FindAsync(request.OrderId.Device, cancellationToken);
        var order = await orders.FindAsync(request.OrderId, cancellationToken);
        var (refund, refusal) = (device, order) switch
        {
            (not { IsActive: true }, _) => (null, RefusalCode.DeviceNotAllowed),
            (_, null) => (null, RefusalCode.UnknownOrder),
            _ when !Crockford.IsValid(request.RefundKey, PayRefund.RefundKeyLength) || !RequestRules.IsOfOurTime(request.RequestedAt, clock.GetUtcNow())
                => (null, RefusalCode.BadRequest),
            _ => await life.RequestAsync(order, new(RefundOrigin.Till, request.RefundKey, request.Amount, Reason: null), cancellationToken),
        };
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
}
