using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Bank;

/// <summary>Tells the merchant of a payment, again and again until it says that it knows.</summary>
/// <param name="agenda">Virtual time.</param>
/// <param name="world">The bank's life.</param>
/// <param name="weather">Faults.</param>
/// <param name="deliver">Hands a notification over and tells later whether it was taken; never, when the taker dies.</param>
internal sealed class Notifier(Agenda agenda, Life world, Weather weather, Action<BankOrder, Action<bool>> deliver)
{
    /// <summary>The gaps between attempts, as the bank documents them.</summary>
    private static readonly double[] Gaps = [15, 15, 30, 180, 1800, 1800];

    /// <summary>A payment was booked.</summary>
    public void Tell(BankOrder order)
    {
        foreach (var wait in weather.Arrivals(weather.Plan.Notification, 0.05, 2))
            agenda.After(wait, world, () => Attempt(order, 0));
    }

    private void Attempt(BankOrder order, int attempt)
    {
        var taken = false;
        order.IsNotified = true;
        deliver(order, accepted => taken |= accepted);
        if (attempt < Gaps.Length)
        {
            agenda.After(TimeSpan.FromSeconds(Gaps[attempt]), world, () =>
            {
                if (!taken)
                    Attempt(order, attempt + 1);
            });
        }
    }
}
