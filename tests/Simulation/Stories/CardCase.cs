using CanteenPay.Simulation.Faults;

namespace CanteenPay.Simulation.Stories;

internal sealed class CardCase
{
    public static Outcome Run(int seed, bool traced, Sabotage sabotage) => throw new NotImplementedException($"{seed}{traced}{sabotage}");
}
