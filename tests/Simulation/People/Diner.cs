using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody who stands before a QR: pays at once, in time, at the last moment, or not at all.</summary>
internal sealed class Diner(Book book, Life world, Weather weather, Trace? trace)
{
    /// <summary>Sees a QR, once.</summary>
    public void Sees(string qr) => world.Start(() => LunchAsync(qr[(qr.LastIndexOf('/') + 1)..]));

    private async Task LunchAsync(string orderNo)
    {
        var dice = weather.Dice;
        if (dice.Strikes(0.2))
            return;
        await world.DelayAsync(dice.Strikes(0.7) ? dice.Between(0.5, 25) : dice.Between(25, 125));
        if (book.Find(orderNo) is not { } order || !book.TakesPayment(order))
            return;

        trace?.Say("diner", $"confirms {orderNo}");
        order.IsConfirming = true;
        var slowness = dice.NextDouble();
        var survivesClose = dice.Strikes(weather.Plan.PaidAfterClose);
        await world.DelayAsync(slowness < 0.7 ? dice.Between(0.2, 4) : slowness < 0.82 ? dice.Between(4, 60) : dice.Between(120, 480));
        order.IsConfirming = false;
        if (order.PaidAt is not null)
            return;
        var goesThrough = order.IsClosed ? survivesClose : !dice.Strikes(0.05);
        trace?.Say("diner", $"{orderNo} {(goesThrough ? "is paid" : "was not paid after all")}");
        if (goesThrough)
            book.Take(order);
    }
}
