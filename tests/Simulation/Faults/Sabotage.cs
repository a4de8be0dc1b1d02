namespace CanteenPay.Simulation.Faults;

/// <summary>A product that is broken on purpose: the simulator must find it.</summary>
internal enum Sabotage
{
    /// <summary>The product as it is.</summary>
    None,

    /// <summary>The cloud tells the machine of a payment before it has stored it.</summary>
    CloudAnnouncesBeforeTheWrite,

    /// <summary>The machine does not remember what it said aloud.</summary>
    MachineForgetsWhatItSpoke,

    /// <summary>The sweep does nothing.</summary>
    SweepDoesNothing,

    /// <summary>A refund is asked for twice, under two numbers.</summary>
    RefundGivenTwice,

    /// <summary>Machines never ask how their orders stand.</summary>
    MachinesNeverAsk,
}
