using System.Globalization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>A month in Asia/Shanghai.</summary>
/// <param name="First">Its first day.</param>
internal readonly record struct ShareMonth(DateOnly First)
{
    /// <summary>As keys and columns have it: <c>yyyyMM</c>, which sorts by time.</summary>
    public string Key => First.ToString("yyyyMM", CultureInfo.InvariantCulture);

    /// <summary>When it is over.</summary>
    public DateTimeOffset End => new(First.AddMonths(1), TimeOnly.MinValue, BusinessDay.Offset);

    /// <summary>The month of an instant.</summary>
    public static ShareMonth Of(DateTimeOffset at)
    {
        var day = BusinessDay.Of(at);
        return new(new DateOnly(day.Year, day.Month, 1));
    }

    /// <summary>Reads <c>yyyy-MM</c>.</summary>
    public static bool TryParse(string? text, out ShareMonth month)
    {
        var valid = DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first) && first.Year is >= 2000 and < 9999;
        month = new(first);
        return valid;
    }

    /// <summary>As people and addresses have it: <c>yyyy-MM</c>.</summary>
    public override string ToString() => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
