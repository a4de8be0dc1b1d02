using CanteenPay.Lunch.Machines;
using CanteenPay.Lunch.Stack;

namespace CanteenPay.Lunch.Report;

/// <summary>All that is known after a lunch.</summary>
internal sealed record LunchSummary
{
    public required LunchOptions Options { get; init; }

    /// <summary>From the last diner to the last order's end.</summary>
    public required TimeSpan EndTook { get; init; }

    public required IReadOnlyCollection<Visit> Visits { get; init; }

    public required IReadOnlyList<BookedOrder> Orders { get; init; }

    /// <summary>Taps, and what cards hold.</summary>
    public required CardBooks Cards { get; init; }

    /// <summary>What people asked to go back.</summary>
    public required IReadOnlyCollection<RefundAsked> Refunds { get; init; }

    public required IReadOnlyList<Discrepancy> Discrepancies { get; init; }

    /// <summary>What waits for a person, by reason; null when the function app does not list it.</summary>
    public required IReadOnlyDictionary<string, int>? Parked { get; init; }

    /// <summary>Times by what they are of.</summary>
    public required IReadOnlyList<(string What, Percentiles? Times)> Latencies { get; init; }

    /// <summary>How often what was done in the cloud, from the first diner to the end.</summary>
    public required IReadOnlyDictionary<string, long> Operations { get; init; }

    /// <summary>How often what was made to go wrong; empty without chaos.</summary>
    public required IReadOnlyDictionary<string, long> Faults { get; init; }

    /// <summary>Money came, and stayed or went back.</summary>
    public int PaidOrders => Orders.Count(order => order.Ours is { Paid: true });

    /// <summary>Nothing missing, doubled or different.</summary>
    public bool IsClean => Discrepancies.Count == 0;
}
