using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Faults;

/// <summary>The faults of a case as long as they last, and chance.</summary>
internal sealed class Weather(FaultPlan plan, Dice dice)
{
    /// <summary>The plan now: calm once faults have ended.</summary>
    public FaultPlan Plan { get; private set; } = plan;

    /// <summary>Chance.</summary>
    public Dice Dice => dice;

    /// <summary>Faults have ended.</summary>
    public bool IsCalm { get; private set; }

    /// <summary>Ends all faults.</summary>
    public void CalmDown() => (Plan, IsCalm) = (new(), true);

    /// <summary>When the copies of a message arrive, after how long each: none, one or two.</summary>
    public IEnumerable<TimeSpan> Arrivals(Hop hop, double quickest, double slowest)
    {
        if (dice.Strikes(hop.Lost))
            yield break;
        yield return Arrival(hop, quickest, slowest);
        if (dice.Strikes(hop.Twice))
            yield return Arrival(hop, quickest, slowest);
    }

    /// <summary>How long until the next of what happens so often in a minute; null when it does not.</summary>
    public TimeSpan? Until(double perMinute) => perMinute <= 0 ? null : TimeSpan.FromMinutes(-Math.Log(1 - dice.NextDouble()) / perMinute);

    private TimeSpan Arrival(Hop hop, double quickest, double slowest) =>
        dice.Strikes(hop.Late) ? dice.Between(0.3, dice.OneOf(2.0, 12.0, 70.0)) : dice.Between(quickest, slowest);
}
