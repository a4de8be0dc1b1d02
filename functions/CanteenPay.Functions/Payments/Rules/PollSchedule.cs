namespace CanteenPay.Functions.Payments.Rules;

/// <summary>When an open order is looked at.</summary>
internal static class PollSchedule
{
    /// <summary>The channel refuses to close an order before this age (payment facts §1.7).</summary>
    public static readonly TimeSpan CloseAfter = TimeSpan.FromSeconds(300);

    /// <summary>2, 4, 7, then each 5 s up to 122 s, each 10 s up to the close, then 5, 10, 20, 40, 60, 60 … s apart.</summary>
    private static readonly StepTable Table = new([.. Seconds().Select(seconds => TimeSpan.FromSeconds(seconds))], TimeSpan.FromSeconds(60));

    /// <inheritdoc cref="StepTable.Next"/>
    public static PollStep Next(TimeSpan age, int taken = -1) => Table.Next(age, taken);

    private static IEnumerable<int> Seconds()
    {
        yield return 2;
        yield return 4;
        for (var second = 7; second <= 122; second += 5)
            yield return second;
        var close = (int)CloseAfter.TotalSeconds;
        for (var second = 130; second <= close; second += 10)
            yield return second;
        for (var (second, gap) = (close, 5); gap <= 40; gap *= 2)
            yield return second += gap;
    }
}
