namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// A fixed row of moments counted from the creation of what is looked at, so that every chain of steps (the first one, one revived by the sweep, a doubled
/// message) meets at the same steps, and duplicate detection on their numbers folds them into one.
/// </summary>
/// <param name="moments">The first steps, ascending.</param>
/// <param name="steady">Between any two steps after them.</param>
internal sealed class StepTable(TimeSpan[] moments, TimeSpan steady)
{
    /// <summary>
    /// The first step after <paramref name="taken"/> that is due after this age. A step may be delivered before its time (Service Bus keeps whole seconds, and
    /// clocks differ): without <paramref name="taken"/> it would name itself as the next, and duplicate detection would end the chain.
    /// </summary>
    public PollStep Next(TimeSpan age, int taken)
    {
        var number = Math.Max(taken + 1, FirstAfter(age));
        return new(number, DueAge(number));
    }

    private int FirstAfter(TimeSpan age)
    {
        if (age >= moments[^1])
            return moments.Length + (int)((age - moments[^1]).Ticks / steady.Ticks);
        var found = moments.AsSpan().BinarySearch(age);
        return found < 0 ? ~found : found + 1;
    }

    private TimeSpan DueAge(int number) => number < moments.Length ? moments[number] : moments[^1] + (number - moments.Length + 1) * steady;
}

/// <summary>One step of a schedule.</summary>
/// <param name="Number">Counted from 0.</param>
/// <param name="DueAge">The age at which it is due.</param>
internal readonly record struct PollStep(int Number, TimeSpan DueAge);
