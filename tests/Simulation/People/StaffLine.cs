using CanteenPay.Protocol;
using CanteenPay.Simulation.Faults;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.People;

/// <summary>Staff in line at one machine, and the cashier who keys for them.</summary>
/// <param name="machine">The machine.</param>
/// <param name="pocket">The next one's card.</param>
/// <param name="agenda">Virtual time.</param>
/// <param name="world">Their life.</param>
/// <param name="weather">Chance.</param>
/// <param name="trace">The story.</param>
internal sealed class StaffLine(Machine machine, Func<CardNo?> pocket, Agenda agenda, Life world, Weather weather, Trace? trace)
{
    private static readonly CardNo Stranger = CardNo.Parse("0BADCA4D");

    /// <summary>Serves one after another until then.</summary>
    public async Task ServeAsync(DateTimeOffset until)
    {
        var dice = weather.Dice;
        await world.DelayAsync(dice.Between(0.5, 6));
        while (agenda.Now < until)
        {
            if (dice.Strikes(0.04))
                await SwitchModeAsync();
            await TapAsync();
            if (dice.Strikes(0.1))
                await UndoAsync();
            await world.DelayAsync(dice.Strikes(0.5) ? dice.Between(0.2, 3.5) : dice.Between(2, 20));
        }
    }

    private async Task TapAsync()
    {
        var dice = weather.Dice;
        Key();
        var card = dice.Strikes(0.98) && pocket() is { } known ? known : Stranger;
        Present(card);
        if (!dice.Strikes(0.12))
            return;
        if (dice.Strikes(0.3) && pocket() is { } between)
        {
            await world.DelayAsync(dice.Between(0.2, 1.2));
            Key();
            Present(between);
        }

        await world.DelayAsync(dice.Between(0.2, 4));
        if (dice.Strikes(0.5))
            Key();
        Present(card);
    }

    /// <summary>In a mode that needs no keys the machine passes over them, or says so.</summary>
    private void Key()
    {
        var dice = weather.Dice;
        machine.Press("clear");
        switch (machine.Screen?.State.Cards?.Mode)
        {
            case TapMode.Free:
                machine.Press(dice.OneOf("5", "12", "12.5", "8.01", "0.3", "30").Select(key => key == '.' ? "dot" : key.ToString()));
                break;
            case TapMode.Item:
                machine.Press(dice.OneOf<string[]>(["1"], ["2", "dot", "1"], ["1", "dot", "dot"], ["7"]));
                break;
            default:
                break;
        }
    }

    private void Present(CardNo card)
    {
        trace?.Say(machine.Nickname, $"is shown card {card}");
        machine.Present(card);
    }

    /// <summary>Somebody changes their mind, or the cashier mistyped; often they press it twice.</summary>
    private async Task UndoAsync()
    {
        var dice = weather.Dice;
        await world.DelayAsync(dice.Between(0.3, dice.OneOf(5.0, 30, 130)));
        trace?.Say(machine.Nickname, "is to undo");
        machine.Press("undo");
        if (dice.Strikes(0.3))
        {
            await world.DelayAsync(dice.Between(0.05, 0.4));
            machine.Press("undo");
        }

        await world.DelayAsync(dice.Between(0.2, 2));
    }

    private async Task SwitchModeAsync()
    {
        var dice = weather.Dice;
        trace?.Say(machine.Nickname, "is switched to another mode");
        machine.Press("mode", dice.OneOf("1", "2", "3", "4"), "pay");
        machine.Press(Machine.ManagerPin.Select(digit => digit.ToString()));
        machine.Press("pay");
        await world.DelayAsync(dice.Between(0.2, 1));
        machine.Press("cancel");
    }
}
