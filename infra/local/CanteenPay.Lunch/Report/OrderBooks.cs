namespace CanteenPay.Lunch.Report;

/// <summary>
/// One order in every book that knows it: ours, the bank's, what the machine's page showed and said, and what was asked to go back. Amounts in fen.
/// </summary>
internal sealed record BookedOrder
{
    public required string OrderId { get; init; }

    /// <summary>Null: the function app does not know it.</summary>
    public OurBooking? Ours { get; init; }

    /// <summary>Null: the bank does not know it.</summary>
    public BankBooking? Bank { get; init; }

    /// <summary>When a page first showed it as paid; null: never.</summary>
    public DateTimeOffset? ShownAsPaidAt { get; init; }

    /// <summary>When each thing was said about it.</summary>
    public IReadOnlyList<DateTimeOffset> SaidAt { get; init; } = [];

    /// <summary>What people asked to go back and were promised; null when one of them got no definite answer.</summary>
    public long? RefundsAsked { get; init; } = 0;
}

/// <summary>An order in our book.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="State">By its name in the function app.</param>
/// <param name="Amount">Asked for.</param>
/// <param name="Paid">Whether a payment is recorded.</param>
/// <param name="Refunded">What went back.</param>
/// <param name="Pending">What is on its way back.</param>
/// <param name="IsLate">Paid when it could no longer be: never announced as paid, and given back.</param>
/// <param name="Acknowledged">What the machine said it has shown.</param>
/// <param name="Review">Why a person has to look; null when nobody has to.</param>
internal sealed record OurBooking(string Merchant, string State, long Amount, bool Paid, long Refunded, long Pending, bool IsLate, string? Acknowledged, string? Review)
{
    private static readonly HashSet<string> OpenStates = new(StringComparer.Ordinal) { "Requested", "AwaitingPayment", "Closing", "LatePaid" };

    /// <summary>Something still has to happen.</summary>
    public bool IsOpen => OpenStates.Contains(State) || Pending > 0;

    /// <summary>What was paid, before anything went back.</summary>
    public long Gross => Paid ? Amount : 0;
}

/// <summary>An order in the bank's book.</summary>
/// <param name="State"><c>NOTPAY SUCCESS CLOSED REFUND</c>.</param>
/// <param name="Amount">Asked for.</param>
/// <param name="PaidAt">Null: not paid.</param>
/// <param name="Gross">What the diner paid.</param>
/// <param name="Refunded">What went back.</param>
internal sealed record BankBooking(string State, long Amount, DateTimeOffset? PaidAt, long Gross, long Refunded);
