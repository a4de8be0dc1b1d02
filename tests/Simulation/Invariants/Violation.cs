namespace CanteenPay.Simulation.Invariants;

/// <summary>Something that must never be, was.</summary>
/// <param name="Rule">The invariant of the design, or another rule.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(string Rule, string What);
