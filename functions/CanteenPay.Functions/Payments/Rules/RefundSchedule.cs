namespace CanteenPay.Functions.Payments.Rules;

/// <summary>When a refund that has no end is looked at: a gateway ends most within seconds, a diner's bank card may take days.</summary>
internal static class RefundSchedule
{
    /// <summary>From this age on a person should know of it, and the sweep alone goes on, each ten minutes.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromHours(1);

    /// <summary>2, 5, 11, 23, 47, 95, 191, 300, then each 300 s.</summary>
    private static readonly StepTable Table =
        new([.. new[] { 2, 5, 11, 23, 47, 95, 191, 300 }.Select(seconds => TimeSpan.FromSeconds(seconds))], TimeSpan.FromSeconds(300));

    /// <inheritdoc cref="StepTable.Next"/>
    public static PollStep Next(TimeSpan age, int taken = -1) => Table.Next(age, taken);
}
