namespace CanteenPay.Lunch.Report;

/// <summary>Something that is missing, doubled or different.</summary>
/// <param name="Kind">What.</param>
/// <param name="About">Which order, tap, card or merchant.</param>
/// <param name="Books">How it stands in the books, for whoever looks into it.</param>
internal sealed record Discrepancy(DiscrepancyKind Kind, string About, string Books);

/// <summary>What may not be.</summary>
internal enum DiscrepancyKind
{
    /// <summary>The diner paid, and we do not know it.</summary>
    PaidAtBankOnly,

    /// <summary>We recorded a payment that the bank does not have.</summary>
    PaidWithUsOnly,

    /// <summary>The amounts are not the same.</summary>
    AmountDiffers,

    /// <summary>What went back is not the same.</summary>
    RefundDiffers,

    /// <summary>More or less went back than was asked for and promised.</summary>
    RefundNotAsAsked,

    /// <summary>Money that came late was not given back in full.</summary>
    LateMoneyKept,

    /// <summary>A page showed or said "paid", and it is not.</summary>
    ShownButNotPaid,

    /// <summary>Paid, and the machine neither showed nor acknowledged it.</summary>
    NeverShownAsPaid,

    /// <summary>Said more than once.</summary>
    SpokenTwice,

    /// <summary>Said more than 60 s after the payment.</summary>
    SpokenLate,

    /// <summary>No end within the time that the design allows.</summary>
    StillOpen,

    /// <summary>Ended with us, and still payable at the bank.</summary>
    PayableAtBank,

    /// <summary>The bank has an order that we do not know.</summary>
    UnknownToUs,

    /// <summary>A tap was shown as approved, and the ledger does not have it.</summary>
    TapMissing,

    /// <summary>The ledger has a tap twice.</summary>
    TapDoubled,

    /// <summary>The ledger has a tap with another amount than was shown.</summary>
    TapDiffers,

    /// <summary>The ledger has a tap that no page showed.</summary>
    TapNeverShown,

    /// <summary>Other top-ups are in the ledger than were asked for and promised.</summary>
    TopUpsDiffer,

    /// <summary>The merchant's closed loop is not zero, or was not reckoned.</summary>
    ClosedLoopOpen,

    /// <summary>A machine shows another balance of a card than the cloud has.</summary>
    BalanceDiffers,
}
