using CanteenPay.Functions.Devices;
using CanteenPay.Functions.Payments.Rules;

namespace CanteenPay.Functions.Payments;

/// <summary>Tells machines how their orders and refunds stand.</summary>
internal sealed class Announcements(MachineLink machines, TimeProvider clock)
{
    /// <summary>Tells the machine how the order stands; nothing while its QR is due.</summary>
    /// <param name="order">The order.</param>
    /// <param name="mayBeSpoken">See <see cref="MachineAnswers.For"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task TellAsync(Order order, bool mayBeSpoken, CancellationToken cancellationToken) =>
        SendAsync(order, MachineAnswers.For(order, mayBeSpoken, clock.GetUtcNow()), cancellationToken);

    /// <summary>Tells the machine how a refund stands that its till asked for; nothing of others.</summary>
    /// <param name="order">Its order.</param>
    /// <param name="refund">The refund.</param>
    /// <param name="mayBeSpoken">Whether the machine may say it aloud.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task TellAsync(Order order, Refund refund, bool mayBeSpoken, CancellationToken cancellationToken) =>
        SendAsync(order, RefundAnswers.For(order, refund, mayBeSpoken, clock.GetUtcNow()), cancellationToken);

    private Task SendAsync(Order order, MachineAnswer? answer, CancellationToken cancellationToken) => answer is null
        ? Task.CompletedTask
        : machines.SendPaymentAsync(order.Device, answer.Message with { Traceparent = order.Traceparent }, answer.Expiry, cancellationToken);
}
