namespace CanteenPay.Functions.Merchants.Subscriptions;

/// <summary>How long a paid year lasts and when its end is near.</summary>
internal static class SubscriptionRules
{
    /// <summary>The last paid day of a year that begins: the same date of the next year; 29 February gives 28.</summary>
    public static DateOnly YearFrom(DateOnly begins) => begins.AddYears(1);

    /// <summary>
    /// Where a renewal begins: where the paid time ends, so that paying late gains nothing, as long as the service went on; after the grace, the day on which
    /// it goes on.
    /// </summary>
    public static DateOnly RenewalBegins(DateOnly paidUntil, DateOnly collectUntil, DateOnly today) => collectUntil < today ? today : paidUntil;

    /// <summary>Which reminder is due: of those that are, the one nearest to the end; null for none.</summary>
    /// <param name="paidUntil">The last paid day.</param>
    /// <param name="today">The day.</param>
    /// <param name="reminderDays">How many days before the end.</param>
    public static int? ReminderDue(DateOnly paidUntil, DateOnly today, IEnumerable<int> reminderDays)
    {
        var left = paidUntil.DayNumber - today.DayNumber;
        return left < 0 ? null : reminderDays.Where(days => left <= days).Select(days => (int?)days).Min();
    }
}
