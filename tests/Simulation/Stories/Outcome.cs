using CanteenPay.Simulation.Invariants;

namespace CanteenPay.Simulation.Stories;

/// <summary>How a case ended.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Seed">Which story.</param>
/// <param name="Violation">What must never be and was; null when all is well.</param>
/// <param name="Story">Its lines, if it was traced.</param>
/// <param name="Tally">What happened in it.</param>
internal sealed record Outcome(Story Kind, int Seed, Violation? Violation, IReadOnlyList<string> Story, Tally Tally);
