using CanteenPay.Protocol;
using CanteenPay.Simulation.Bank;
using CanteenPay.Simulation.Cloud;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody in the office who gives money back at the endpoint, and asks again under the same key until there is an answer.</summary>
/// <param name="agenda">Virtual time.</param>
/// <param name="world">Their life.</param>
/// <param name="weather">Faults.</param>
/// <param name="host">The way to the endpoint.</param>
/// <param name="trace">The story.</param>
internal sealed class Office(Agenda agenda, Life world, Weather weather, FunctionHost host, Trace? trace)
{
    private const int MostTries = 40;
    private readonly Dictionary<string, long> wishes = new(StringComparer.Ordinal);

    /// <summary>How many fen of an order were asked back here.</summary>
    public long Wished(string orderNo) => wishes.GetValueOrDefault(orderNo);

    /// <summary>An order was paid; now and then some of it goes back, and now and then two people do it at once.</summary>
    public void Hears(BankOrder order)
    {
        var dice = weather.Dice;
        if (!dice.Strikes(0.15))
            return;
        var wait = dice.Between(1, dice.OneOf(5, 60, 400));
        for (var number = 0; number < dice.OneOf(1, 1, 2); number++)
        {
            var (key, fen) = ($"k{number}", dice.Strikes(0.5) ? order.Fen : 1 + dice.Next((int)order.Fen));
            world.StartAfter(wait, () => RefundAsync(OrderId.Parse(order.OrderNo), key, fen));
        }
    }

    private async Task RefundAsync(OrderId order, string key, long fen)
    {
        trace?.Say("office", $"wants {fen} fen of {order} back, {key}");
        wishes[order.Value] = wishes.GetValueOrDefault(order.Value) + fen;
        var answered = false;
        for (var tries = 0; tries < MostTries && !answered; tries++)
        {
            host.Request(app => AskAsync(app, () => answered = true));
            await world.DelayAsync(weather.Dice.Between(2, 20));
        }

        async Task AskAsync(CloudApp app, Action done)
        {
            try
            {
                if (await app.RefundAsync(order, key, new Fen(fen)))
                    agenda.After(TimeSpan.Zero, world, done);
            }
#pragma warning disable CA1031 // The front door answers 500.
            catch (Exception e)
#pragma warning restore CA1031
            {
                trace?.Say("office", $"is not answered: {e.Message}");
            }
        }
    }
}
