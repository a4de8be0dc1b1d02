using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Delivery;

/// <summary>When an edition is sent, and sent again: often at first, when somebody restarts a server, and then for a day, so that a person can mend what is wrong.</summary>
internal static class DeliverySchedule
{
    /// <summary>When each try is due, in minutes after the first.</summary>
    private static readonly int[] Minutes = [0, 1, 3, 7, 15, 30, 60, 120, 180, 270, 360, 480, 660, 840, 1_080, 1_440];

    /// <summary>How often it is tried in all.</summary>
    public static int Tries => Minutes.Length;

    /// <summary>When the first try is due: at once, but not before the hour of delivery on the date after the day.</summary>
    /// <param name="day">The settlement date.</param>
    /// <param name="deliverAt">The hour, in Asia/Shanghai.</param>
    /// <param name="now">When the edition is there.</param>
    public static DateTimeOffset First(DateOnly day, TimeSpan deliverAt, DateTimeOffset now)
    {
        var earliest = new DateTimeOffset(day.AddDays(1), TimeOnly.FromTimeSpan(deliverAt), BusinessDay.Offset);
        return now > earliest ? now : earliest;
    }

    /// <summary>When a try is due; null when there is none any more. Not before it can be: one that is behind comes a minute after the last at the earliest.</summary>
    /// <param name="first">When the first was due.</param>
    /// <param name="done">How many were done.</param>
    /// <param name="now">When the last was done.</param>
    public static DateTimeOffset? Next(DateTimeOffset first, int done, DateTimeOffset now)
    {
        if (done >= Minutes.Length)
            return null;
        var (due, soonest) = (first.AddMinutes(Minutes[done]), now.AddMinutes(done == 0 ? 0 : 1));
        return due > soonest ? due : soonest;
    }
}
