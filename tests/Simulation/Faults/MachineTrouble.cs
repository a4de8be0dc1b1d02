using CanteenPay.Functions.Devices;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Invariants;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Stories;

namespace CanteenPay.Simulation.Faults;

/// <summary>What befalls machines in card stories, and who knows what was lost by it.</summary>
internal sealed class MachineTrouble(Stage stage, CardFaults faults, TapBook taps)
{
    private const int MostImages = 3;
    private const double ImagesPerMinute = 2;

    private readonly Dictionary<Machine, List<(DiskImage Image, int Taps)>> images = [];
    private int longOffline;
    private int restored;
    private int replaced;
    private int damaged;
    private int moved;

    /// <summary>What happened.</summary>
    public Tally Incidents => new()
    {
        [Counted.LongOffline] = longOffline,
        [Counted.Restored] = restored,
        [Counted.Replaced] = replaced,
        [Counted.Damaged] = damaged,
        [Counted.Moved] = moved,
    };

    /// <summary>A machine may have trouble from now on.</summary>
    public void Begin(Machine machine)
    {
        images[machine] = [];
        stage.Sometimes(() => stage.Weather.Plan.PowerCuts, () => CutPower(machine));
        stage.Sometimes(() => faults.LongOffline, () => GoOffline(machine));
        stage.Sometimes(() => faults.DiskRestored > 0 || stage.Sabotage == Sabotage.TapsAreNotSynced ? ImagesPerMinute : 0, () => Copy(machine));
        stage.Sometimes(() => faults.DiskRestored, () => Restore(machine));
        stage.Sometimes(() => faults.DiskReplaced, () => Replace(machine));
        stage.Sometimes(() => faults.DatabaseSuspect, () => Damage(machine, readable: true));
        stage.Sometimes(() => faults.DatabaseLost, () => Damage(machine, readable: false));
        stage.Sometimes(() => faults.Moved, () => Move(machine));
    }

    /// <summary>A move that was begun is done.</summary>
    public void End()
    {
        foreach (var machine in stage.Machines.Where(machine => machine.Merchant.Id != machine.Registered))
            Settle(machine);
    }

    private void CutPower(Machine machine)
    {
        if (stage.Sabotage == Sabotage.TapsAreNotSynced && images[machine] is [.., var (image, _)])
            stage.CutPower(machine, () => machine.Disk.Restore(image));
        else
            stage.CutPower(machine);
    }

    private void GoOffline(Machine machine)
    {
        longOffline++;
        machine.GoOffline(stage.Dice.Between(60, 480));
    }

    private void Copy(Machine machine)
    {
        var of = images[machine];
        if (of.Count == MostImages)
            of.RemoveAt(stage.Dice.Next(MostImages));
        of.Add((machine.Disk.Copy(), taps.Count(machine)));
    }

    private void Restore(Machine machine)
    {
        if (images[machine] is not { Count: > 0 } of)
            return;
        restored++;
        var (image, known) = of[stage.Dice.Next(of.Count)];
        stage.CutPower(machine, () =>
        {
            stage.Trace?.Say(machine.Nickname, $"gets back a disk on which {known} of {taps.Count(machine)} taps are");
            machine.Disk.Restore(image);
            taps.Lose(machine, known, Booked());
        });
    }

    private void Replace(Machine machine)
    {
        replaced++;
        stage.CutPower(machine, () =>
        {
            stage.Trace?.Say(machine.Nickname, "gets a new disk");
            machine.Disk.Install();
            taps.Lose(machine, 0, Booked());
        });
    }

    private void Damage(Machine machine, bool readable)
    {
        damaged++;
        stage.CutPower(machine, () =>
        {
            stage.Trace?.Say(machine.Nickname, $"has a damaged database, which can {(readable ? "" : "not ")}be read");
            if (readable)
            {
                machine.Disk.Suspect();
            }
            else
            {
                machine.Disk.Destroy();
                taps.Lose(machine, 0, Booked());
            }
        });
    }

    /// <summary>A machine is to serve the other merchant. The registry first or the machine first: people do either.</summary>
    private void Move(Machine machine)
    {
        if (machine.Merchant.Id != machine.Registered)
            return;
        moved++;
        var to = machine.Merchant == Canteen.First ? Canteen.Second : Canteen.First;
        stage.Trace?.Say(machine.Nickname, $"is moved to {to.Id}");
        Register(machine, to);
        stage.Agenda.After(stage.Dice.Between(0, 90), stage.World, () => Settle(machine));
    }

    private void Register(Machine machine, Merchant merchant)
    {
        machine.Registered = merchant.Id;
        stage.Azure.Quietly(() => stage.Azure.Tables.GetTableClient("Devices").UpsertEntityAsync(
            new DeviceProfile(machine.Device, merchant.Id, machine.Device.Value, IsActive: true), CanteenPay.Azure.Tables.TableUpdateMode.Replace).GetAwaiter().GetResult());
    }

    private void Settle(Machine machine)
    {
        if (machine.Merchant.Id != machine.Registered)
            stage.CutPower(machine, () => machine.MoveTo(machine.Registered == Canteen.First.Id ? Canteen.First : Canteen.Second));
    }

    private HashSet<TapId> Booked() =>
        [.. new[] { Canteen.First.Id, Canteen.Second.Id }.SelectMany(merchant => CardBooks.Of(stage.Azure, merchant).Tapped).Select(row => row.Entry.Tapped!.TapId)];
}
