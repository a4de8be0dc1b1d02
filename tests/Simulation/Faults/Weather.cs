using CanteenPay.Simulation.Virtual;

namespace CanteenPay.Simulation.Faults;

/// <summary>The faults of a case as long as they last, and chance.</summary>
internal sealed class Weather(FaultPlan plan, Dice dice)
{
    private static readonly FaultPlan Calm = new();

    /// <summary>The plan now: calm before faults begin, and once they have ended.</summary>
    public FaultPlan Plan => IsCalm || IsHeldBack ? Calm : plan;

    /// <summary>The plan for what begins now and lasts, into the faults should they still be held back.</summary>
    public FaultPlan Coming => IsCalm ? Calm : plan;

    /// <summary>Chance.</summary>
    public Dice Dice => dice;

    /// <summary>Faults have ended.</summary>
    public bool IsCalm { get; private set; }

    private bool IsHeldBack { get; set; }

    /// <summary>Holds all faults back until they begin.</summary>
    public void HoldBack() => IsHeldBack = true;

    /// <summary>Faults begin.</summary>
    public void Begin() => IsHeldBack = false;

    /// <summary>Ends all faults.</summary>
    public void CalmDown() => IsCalm = true;

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
