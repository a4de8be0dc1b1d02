using CanteenPay.Functions.Settlement.Days;

namespace CanteenPay.Functions.Settlement.Views;

/// <summary>How far a date is, in a word. Between the first and the second there is room for <c>reconciled</c>: matched with the bank's bill.</summary>
internal static class DayState
{
    /// <summary>It may still change.</summary>
    public const string Provisional = "provisional";

    /// <summary>It was closed, and what it holds is being decided.</summary>
    public const string Closing = "closing";

    /// <summary>It never changes again.</summary>
    public const string Closed = "closed";

    /// <summary>Of a date.</summary>
    public static string Of(DateOnly day, ClosedThrough through) => through.IsFinal(day) ? Closed : through.Holds(day) ? Closing : Provisional;
}
