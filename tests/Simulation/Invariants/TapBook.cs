using CanteenPay.DeviceAgent.Cards;
using CanteenPay.Protocol;
using CanteenPay.Simulation.Machines;
using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Invariants;

/// <summary>What machines showed as approved, kept by those who stood before them, and which of it was lost with a disk.</summary>
internal sealed class TapBook(Agenda agenda)
{
    /// <summary>More than a machine takes in three seconds.</summary>
    private const int NewestLookedAt = 8;

    private readonly Dictionary<DeviceId, List<ApprovedTap>> approved = [];
    private readonly HashSet<TapId> known = [];

    /// <summary>All of them.</summary>
    public IEnumerable<ApprovedTap> All => approved.Values.SelectMany(taps => taps);

    /// <summary>A machine shows a tap as approved; false when it did so before.</summary>
    public bool Note(Machine machine, Tap tap)
    {
        if (!known.Add(tap.Id))
            return false;
        Of(machine).Add(new(machine.Merchant.Id, tap, agenda.Now, machine.Starts));
        return true;
    }

    /// <summary>
    /// What the same card paid before on the same machine, so short a time ago that it may have lain on the reader still, whatever other cards came in between; null
    /// when it did not, or that was taken back. Over a restart there is no clock by which a machine could know.
    /// </summary>
    public Tap? MomentsBefore(Machine machine, Tap tap) => tap.Kind == EntryKind.Reversal
        ? null
        : Of(machine).FindLast(before => before.Tap.Id != tap.Id && before.Tap.CardNo == tap.CardNo && before.Tap.Kind != EntryKind.Reversal
            && before.Start == machine.Starts && agenda.Now - before.At < TapRules.SameCard
            && !Of(machine).Exists(other => other.Tap.Reverses == before.Tap.Id) && !IsTakenBack(machine, before.Tap))?.Tap;

    /// <summary>A till on which somebody keys an amount says in a line, and not on the screen, that a tap was taken back.</summary>
    private static bool IsTakenBack(Machine machine, Tap tap) => machine.Cards?.Newest(NewestLookedAt).Any(newer => newer.Reverses == tap.Id) == true;

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
