using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments.Rules;

/// <summary>The bank's settlement date of a payment.</summary>
internal static class SettlementDay
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);

    /// <summary>
    /// The date in Asia/Shanghai, moved by the channel's cut-off: with 01:00 the first hour belongs to the day before, with 23:30 the last half hour to the day
    /// after.
    /// </summary>
    /// <param name="paidAt">The channel's time of payment.</param>
    /// <param name="cutOff">Time of day at which the channel begins a new settlement date; 00:00 is the plain date.</param>
    public static DateOnly Of(DateTimeOffset paidAt, TimeSpan cutOff) => BusinessDay.Of(cutOff < Noon ? paidAt - cutOff : paidAt + (Day - cutOff));
}
