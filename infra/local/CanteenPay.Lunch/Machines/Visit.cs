using CanteenPay.Lunch.Diners;

namespace CanteenPay.Lunch.Machines;

/// <summary>How it went at the till for one diner.</summary>
/// <param name="Diner">Who.</param>
/// <param name="End">How it ended there.</param>
/// <param name="Orders">The orders that were made, the last one last.</param>
/// <param name="Phone">What the phone said after the tap on "pay"; null without one.</param>
internal sealed record Visit(Diner Diner, VisitEnd End, IReadOnlyList<string> Orders, string? Phone)
{
    /// <summary>Why a card was refused.</summary>
    public string? Refusal { get; init; }
}

/// <summary>How a visit ended at the till.</summary>
internal enum VisitEnd
{
    /// <summary>The screen turned green.</summary>
    SawPaid,

    /// <summary>The phone paid, and the screen said nothing in time: the cashier looks at the line of the previous payment, or at the list.</summary>
    PaidWithoutGreen,

    /// <summary>Cancelled, or the QR ran out.</summary>
    LeftWithoutPaying,

    /// <summary>Cancelled, and the phone tried to pay afterwards.</summary>
    TriedLate,

    /// <summary>The machine restarted with the QR up.</summary>
    Interrupted,

    /// <summary>No QR after three tries.</summary>
    NoQr,

    /// <summary>A card paid.</summary>
    Tapped,

    /// <summary>A card paid, and the tap was taken back and made again.</summary>
    TappedAgain,

    /// <summary>A card was refused.</summary>
    TapRefused,

    /// <summary>A card was presented three times, and the machine showed nothing.</summary>
    TapUnseen,
}
