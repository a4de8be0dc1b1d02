using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>
/// The hours on which postings and closing rely. Between the two lies an hour at least: so long may a posting that was begun in time take to be stored, and so far may the
/// clocks of two instances be apart, before a day could be closed beside it. <see cref="ClosedDays"/> refuses an earlier closing.
/// </summary>
internal static class DayHours
{
    private static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan NightBegins = new(1, 30, 0);
    private static readonly TimeSpan AfterItsEnd = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);

    /// <summary>00:30 of the next date: what is posted from then on has to look whether the day was closed. Sooner than needed where the cut-off is later.</summary>
    /// <param name="day">A settlement date.</param>
    public static DateTimeOffset BelatedFrom(DateOnly day) => Midnight(day.AddDays(1)) + AfterMidnight;

    /// <summary>
    /// 01:30 of the next date, or half an hour after a later cut-off: from then on every posting that was in time is there. Earlier the day is not closed, and what is settled
    /// earlier is settled once more.
    /// </summary>
    /// <param name="day">A settlement date.</param>
    /// <param name="cutOff">See <see cref="Payments.Rules.SettlementDay"/>.</param>
    public static DateTimeOffset CompleteFrom(DateOnly day, TimeSpan cutOff)
    {
        var afterEnd = cutOff < Noon ? cutOff + AfterItsEnd : TimeSpan.Zero;
        return Midnight(day.AddDays(1)) + (afterEnd > NightBegins ? afterEnd : NightBegins);
    }

    private static DateTimeOffset Midnight(DateOnly day) => new(day, TimeOnly.MinValue, BusinessDay.Offset);
}
