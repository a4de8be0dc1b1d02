namespace CanteenPay.Lunch.Diners;

/// <summary>When people come: few at the doors' opening and closing, most in the middle.</summary>
/// <param name="Length">From the first minute to the last.</param>
/// <param name="PeakPerMinute">Diners in a minute at the height, in the whole canteen.</param>
internal sealed record LunchHour(TimeSpan Length, double PeakPerMinute)
{
    /// <summary>Share of the peak at the opening and at the closing.</summary>
    private const double AtTheDoors = 0.25;

    /// <summary>Diners in a minute at a moment.</summary>
    public double PerMinute(TimeSpan at) => PeakPerMinute * (AtTheDoors + (1 - AtTheDoors) * Math.Pow(Math.Sin(Math.PI * (at / Length)), 2));

    /// <summary>How many come on average: the area under the curve.</summary>
    public double Expected => PeakPerMinute * (AtTheDoors + (1 - AtTheDoors) / 2) * Length.TotalMinutes;

    /// <summary>A Poisson process whose rate changes: arrivals at the peak's rate, each kept with the present share of it (thinning).</summary>
    public IEnumerable<TimeSpan> Arrivals(Random dice)
    {
        var at = TimeSpan.Zero;
        while (true)
        {
            at += TimeSpan.FromMinutes(-Math.Log(1 - dice.NextDouble()) / PeakPerMinute);
            if (at >= Length)
                yield break;
            if (dice.NextDouble() * PeakPerMinute < PerMinute(at))
                yield return at;
        }
    }
}
