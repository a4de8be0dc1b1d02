namespace CanteenPay.LocalCloud.Faults;

/// <summary>What the dice say about one message or request.</summary>
/// <param name="Nothing">It is dropped, refused or throttled.</param>
/// <param name="Twice">It is done twice.</param>
/// <param name="LostAnswer">It is done, and its answer lost.</param>
/// <param name="Overtaken">The next one goes first.</param>
/// <param name="Delay">How late it is.</param>
/// <param name="Kill">It is the last I/O of the process.</param>
internal readonly record struct Verdict(bool Nothing, bool Twice, bool LostAnswer, bool Overtaken, TimeSpan Delay, bool Kill);

/// <summary>Pure: the same random numbers and settings give the same verdicts.</summary>
internal static class Dice
{
    /// <summary>Throws for every fault, whether it is set or not, so that changing one share leaves the others' throws where they were.</summary>
    internal static Verdict Roll(Random random, HopSettings settings)
    {
        var nothing = random.NextDouble() < settings.Drop + settings.Refuse + settings.Throttle;
        var twice = random.NextDouble() < settings.Double;
        var lost = random.NextDouble() < settings.LostAnswer;
        var overtaken = random.NextDouble() < settings.Reorder;
        var late = random.NextDouble() < settings.ShareOf(FaultKind.Delay);
        var kill = random.NextDouble() < settings.ShareOf(FaultKind.Kill);
        return new(nothing, twice, lost, overtaken, late ? TimeSpan.FromMilliseconds(settings.Delay!.Ms) : TimeSpan.Zero, kill);
    }
}
