namespace CanteenPay.Functions.Payments.Rules;

/// <summary>
/// When an open order is looked at: a fixed row of moments counted from its creation, so that every chain of polls (the first one, one revived by the sweep,
/// a doubled message) meets at the same steps, and duplicate detection on <c>{orderId}-{step}-{try}</c> folds them into one.
/// </summary>
internal static class PollSchedule
{
    /// <summary>The channel refuses to close an order before this age (payment facts §1.7).</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan[] LateGaps = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40)];

    /// <summary>Moments of the first minutes: 2, 4, 7, then each 5 s up to 122 s, each 10 s up to the close, then 5, 10, 20, 40, 60, 60 … s apart.</summary>
    private static readonly TimeSpan[] Early = [.. EarlySeconds().Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>
    /// The first step after <paramref name="taken"/> that is due after an order has reached this age. A step may be delivered before its time (Service Bus keeps
    /// whole seconds, and clocks differ): without <paramref name="taken"/> it would name itself as the next, and duplicate detection would end the chain.
    /// </summary>
    public static PollStep Next(TimeSpan age, int taken = -1)
    {
        var number = Math.Max(taken + 1, FirstAfter(age));
        return new(number, DueAge(number));
    }

    private static int FirstAfter(TimeSpan age)
    {
        var found = Early.AsSpan().BinarySearch(age);
        var number = found < 0 ? ~found : found + 1;
        if (number < Early.Length)
            return number;
        while (number < Early.Length + LateGaps.Length && DueAge(number) <= age)
            number++;
        var steady = Early.Length + LateGaps.Length - 1;
        return DueAge(number) > age ? number : steady + (int)((age - DueAge(steady)).Ticks / Longest.Ticks) + 1;
    }

    private static TimeSpan DueAge(int number)
    {
        if (number < Early.Length)
            return Early[number];
        var late = number - Early.Length;
        var gaps = LateGaps.AsSpan(0, Math.Min(late + 1, LateGaps.Length));
        var age = Early[^1];
        foreach (var gap in gaps)
            age += gap;
        return age + Math.Max(0, late + 1 - LateGaps.Length) * Longest;
    }

    private static IEnumerable<int> EarlySeconds()
    {
        yield return 2;
        yield return 4;
        for (var second = 7; second <= 122; second += 5)
            yield return second;
        for (var second = 130; second <= (int)CloseAfter.TotalSeconds; second += 10)
            yield return second;
    }
}

/// <summary>One step of the schedule.</summary>
/// <param name="Number">Counted from 0.</param>
/// <param name="DueAge">The order's age at which it is due.</param>
internal readonly record struct PollStep(int Number, TimeSpan DueAge);
