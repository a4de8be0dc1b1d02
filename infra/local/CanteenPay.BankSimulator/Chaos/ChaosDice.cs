namespace CanteenPay.BankSimulator.Chaos;

/// <summary>
/// Dice without a memory: a throw depends on the seed, the fault, the order (its place in line, as its number is new in every run)
/// and how often this die was thrown for it. So the same orders in the same sequence meet the same faults, however their requests interleave.
/// </summary>
internal static class ChaosDice
{
    /// <summary>A number from 0 up to, not including, 1.</summary>
    public static double Throw(long seed, Fault fault, long order, int nth) => (Mix(seed, (int)fault, order, nth) >> 11) * (1.0 / (1UL << 53));

    /// <summary>One of so many sides, independent of <see cref="Throw"/>.</summary>
    public static int Pick(long seed, Fault fault, long order, int nth, int sides) => (int)(Mix(seed, (int)fault + 0x100, order, nth) % (ulong)sides);

    private static ulong Mix(long seed, int die, long order, int nth)
    {
        var state = Scramble((ulong)seed);
        state = Scramble(state ^ (ulong)die);
        state = Scramble(state ^ (ulong)order);
        return Scramble(state ^ (ulong)(uint)nth);
    }

    /// <summary>SplitMix64 by Sebastiano Vigna, public domain.</summary>
    private static ulong Scramble(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
