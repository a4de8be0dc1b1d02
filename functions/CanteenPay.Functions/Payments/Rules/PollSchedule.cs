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

    /// <summary>Moments of the first minutes: 2, 4, 7, then each 5 s up to 122 s, each 10 s up to the close, then 5, 10, 20, 40, 60, 60 … s apart.</summary>
    private static readonly TimeSpan[] Early = [.. EarlySeconds().Select(seconds => TimeSpan.FromSeconds(seconds))];

    /// <summary>The first step that is due after an order has reached this age.</summary>
    public static PollStep Next(TimeSpan age)
    {
        var number = Early.AsSpan().BinarySearch(age);
        number = number < 0 ? ~number : number + 1;
        return number < Early.Length ? new(number, Early[number]) : Late(age);
    }

    private static PollStep Late(TimeSpan age)
    {
        var step = new PollStep(Early.Length - 1, Early[^1]);
        var gap = TimeSpan.FromSeconds(5);
        while (gap < Longest && step.DueAge <= age)
        {
            step = new(step.Number + 1, step.DueAge + gap);
            gap *= 2;
        }

        if (step.DueAge > age)
            return step;
        var further = (age - step.DueAge).Ticks / Longest.Ticks + 1;
        return new(step.Number + (int)Math.Min(further, int.MaxValue / 2), step.DueAge + further * Longest);
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
