using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody at the keys: keys amounts, waits or does not, cancels at any moment, presses what makes no sense.</summary>
internal sealed class Cashier(Machine machine, Agenda agenda, Life world, Weather weather, Trace? trace)
{
    private static readonly string[] AnyKeys = ["5", "dot", "backspace", "clear", "list", "pay", "cancel"];

    /// <summary>Serves diners until then.</summary>
    public async Task ServeAsync(DateTimeOffset until)
    {
        await world.DelayAsync(weather.Dice.Between(0.5, 20));
        while (agenda.Now < until)
        {
            Ask();
            await WaitAsync();
            await world.DelayAsync(weather.Dice.Strikes(0.4) ? TimeSpan.Zero : weather.Dice.Between(0.5, 40));
        }

        machine.Press("cancel");
    }

    /// <summary>Few amounts, so that two orders often have the same.</summary>
    private void Ask()
    {
        var amount = weather.Dice.OneOf("5", "12", "12.5", "8.01");
        trace?.Say(machine.Nickname, $"is keyed {amount}");
        machine.Press("clear");
        machine.Press(amount.Select(key => key == '.' ? "dot" : key.ToString()));
        machine.Press("pay");
    }

    private async Task WaitAsync()
    {
        var dice = weather.Dice;
        var patience = dice.NextDouble() switch
        {
            < 0.15 => dice.Between(0, 1),
            < 0.35 => dice.Between(1, 40),
            _ => TimeSpan.FromSeconds(140),
        };
        var end = agenda.Now + patience;
        await world.DelayAsync(TimeSpan.FromMilliseconds(100));
        while (machine.Screen?.State.OpenOnScreen is not null && agenda.Now < end)
        {
            await world.DelayAsync(dice.Between(0.5, 3));
            if (dice.Strikes(0.03))
                machine.Press(dice.OneOf<string>(AnyKeys));
        }

        if (machine.Screen?.State is { OpenOnScreen: not null, Face: ShowingQr or WaitingForQr })
        {
            trace?.Say(machine.Nickname, "is cancelled");
            machine.Press("cancel");
        }
    }
}
