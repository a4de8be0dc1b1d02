using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What machines showed as approved, kept by those who stood before them, and which of it was lost with a disk.</summary>
internal sealed class TapBook(Agenda agenda)
{
    private readonly Dictionary<DeviceId, List<ApprovedTap>> approved = [];
    private readonly HashSet<TapId> known = [];

    /// <summary>All of them.</summary>
    public IEnumerable<ApprovedTap> All => approved.Values.SelectMany(taps => taps);

    /// <summary>A machine shows a tap as approved; false when it did so before.</summary>
    public bool Note(Machine machine, Tap tap)
    {
        if (!known.Add(tap.Id))
            return false;
        Of(machine).Add(new(machine.Merchant.Id, tap, agenda.Now));
        return true;
    }

    /// <summary>How many a machine has approved so far.</summary>
    public int Count(Machine machine) => Of(machine).Count;

    /// <summary>A machine's disk is gone, or what was on it after so many taps: what the cloud had not booked may be lost.</summary>
    public void Lose(Machine machine, int after, IReadOnlySet<TapId> booked)
    {
        foreach (var tap in Of(machine).Skip(after).Where(tap => !booked.Contains(tap.Tap.Id)))
            tap.IsLost = true;
    }

    private List<ApprovedTap> Of(Machine machine)
    {
        if (!approved.TryGetValue(machine.Device, out var taps))
            approved[machine.Device] = taps = [];
        return taps;
    }
}
