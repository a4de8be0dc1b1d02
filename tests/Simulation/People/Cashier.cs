using CanteenPay.DeviceAgent.Terminal;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.People;

/// <summary>Somebody at the keys: keys amounts, waits or does not, cancels at any moment, presses what makes no sense.</summary>
internal sealed class Cashier(Machine machine, Agenda agenda, Life world, Weather weather, Trace? trace)
{
    private static readonly string[] AnyKeys = ["5", "dot", "backspace", "clear", "list", "pay", "cancel", "refund", "up", "down"];

    /// <summary>Serves diners until then.</summary>
    public async Task ServeAsync(DateTimeOffset until)
    {
        await world.DelayAsync(weather.Dice.Between(0.5, 20));
        while (agenda.Now < until)
        {
            Ask();
            await WaitAsync();
            if (weather.Dice.Strikes(0.1))
                await GiveBackAsync();
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

    /// <summary>A manager gives some or all of a payment back.</summary>
    private async Task GiveBackAsync()
    {
        var dice = weather.Dice;
        await world.DelayAsync(dice.Between(0, 15));
        trace?.Say(machine.Nickname, "is asked for a refund");
        if (dice.Strikes(0.5))
            machine.Press(["list", "down", .. dice.Strikes(0.5) ? ["down"] : Array.Empty<string>()]);
        machine.Press("refund");
        if (dice.Strikes(0.5))
            machine.Press("2");
        machine.Press("pay");
        machine.Press(dice.Strikes(0.1) ? ["9", "9", "9", "9"] : Machine.ManagerPin.Select(digit => digit.ToString()));
        machine.Press("pay");
        await world.DelayAsync(dice.Between(0, 5));
        machine.Press("cancel");
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
