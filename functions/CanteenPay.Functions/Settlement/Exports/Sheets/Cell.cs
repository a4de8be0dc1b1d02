using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Sheets;

/// <summary>What stands in a cell: a text, or a number in the unit of its column's kind.</summary>
internal readonly record struct Cell
{
    /// <summary>Nothing.</summary>
    public static readonly Cell Empty;

    private readonly bool _isThere;

    private Cell(ColumnKind kind, string? text, long number) => (Kind, Text, Number, _isThere) = (kind, text, number, true);

    /// <summary>A cell without anything has no kind.</summary>
    public bool IsEmpty => !_isThere;

    /// <summary>In which columns it may stand.</summary>
    public ColumnKind Kind { get; }

    /// <summary>The text; null for all other kinds.</summary>
    public string? Text { get; }

    /// <summary>Fen, the number itself, <see cref="DateOnly.DayNumber"/>, seconds since year 1 in Asia/Shanghai, or basis points.</summary>
    public long Number { get; }

    /// <summary>A text; nothing when there is none.</summary>
    public static Cell Of(string? text) => string.IsNullOrEmpty(text) ? Empty : new(ColumnKind.Text, text, 0);

    /// <summary>An amount.</summary>
    public static Cell Of(Fen amount) => new(ColumnKind.Money, null, amount.Value);

    /// <summary>A whole number.</summary>
    public static Cell Of(long number) => new(ColumnKind.Integer, null, number);

    /// <summary>A date.</summary>
    public static Cell Of(DateOnly date) => new(ColumnKind.Date, null, date.DayNumber);

    /// <summary>A time; what is less than a second is left out.</summary>
    public static Cell Of(DateTimeOffset time) => new(ColumnKind.Time, null, BusinessDay.Local(time).DateTime.Ticks / TimeSpan.TicksPerSecond);

    /// <summary>A rate.</summary>
    public static Cell OfBasisPoints(int basisPoints) => new(ColumnKind.Percent, null, basisPoints);
}
