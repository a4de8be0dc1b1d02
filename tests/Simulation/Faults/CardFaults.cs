using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Faults;

/// <summary>What goes wrong with machines in card stories, beyond <see cref="FaultPlan"/>: so often in a minute. Each case has a random part of it.</summary>
internal sealed record CardFaults
{
    /// <summary>A machine has no network for minutes.</summary>
    public double LongOffline { get; private init; }

    /// <summary>A machine comes back with what was on its disk some time ago.</summary>
    public double DiskRestored { get; private init; }

    /// <summary>A machine comes back with a new disk.</summary>
    public double DiskReplaced { get; private init; }

    /// <summary>A machine's database turns out to be damaged, but can be read.</summary>
    public double DatabaseSuspect { get; private init; }

    /// <summary>A machine's database turns out to be damaged beyond reading.</summary>
    public double DatabaseLost { get; private init; }

    /// <summary>A machine is moved to the other merchant.</summary>
    public double Moved { get; private init; }

    /// <summary>The faults of a case.</summary>
    public static CardFaults Draw(Dice dice) => new()
    {
        LongOffline = Rate(dice, 0.5, 0.6),
        DiskRestored = Rate(dice, 0.35, 0.8),
        DiskReplaced = Rate(dice, 0.2, 0.4),
        DatabaseSuspect = Rate(dice, 0.2, 0.4),
        DatabaseLost = Rate(dice, 0.15, 0.4),
        Moved = Rate(dice, 0.25, 0.5),
    };

    private static double Rate(Dice dice, double share, double most) => dice.Strikes(share) ? most * dice.NextDouble() : 0;
}
