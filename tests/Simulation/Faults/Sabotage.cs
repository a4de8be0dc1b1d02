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

    /// <summary>The guard of a paid order is taken away by the write that confirms it, before it is posted.</summary>
    GuardGoesBeforeThePosting,

    /// <summary>Machines never ask how their orders stand.</summary>
    MachinesNeverAsk,

    /// <summary>Cards: a batch is booked, and its cursor stays where it was.</summary>
    CursorIsNotMovedWithTheMoney,

    /// <summary>Cards: machines do not see which of their entries are inside a balance already.</summary>
    MachineForgetsWhatIsApplied,

    /// <summary>Cards: machines are told of a change before it is there.</summary>
    FeedIsPublishedBeforeItsTransaction,

    /// <summary>Cards: a machine books one entry too many again after its disk was restored.</summary>
    RebooksFromTheWrongNumber,

    /// <summary>Cards: an operation that is asked for again is another operation.</summary>
    KeysAreIgnored,

    /// <summary>Cards: what a machine approved is on its disk seconds later.</summary>
    TapsAreNotSynced,

    /// <summary>Cards: what an account has spent today is forgotten.</summary>
    CountersAreForgotten,

    /// <summary>Cards: the machine forgets after a second that a card may lie on the reader still.</summary>
    MachineForgetsTheCardOnItsReader,

    /// <summary>Cards put back: nobody tells the cloud.</summary>
    NobodySaysThatRowsWerePutBack,
}
