using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Payments;

/// <summary>Reads and writes the columns of payment rows. What is not there is not written: a merge empties nothing.</summary>
internal static class RowValues
{
    /// <summary>Writes a column unless the value is null.</summary>
    public static void SetIfAny(this TableEntity row, string column, object? value)
    {
        if (value is not null)
            row[column] = value;
    }

    /// <summary>Writes a date as <c>yyyyMMdd</c> unless it is null.</summary>
    public static void SetIfAny(this TableEntity row, string column, DateOnly? date) => row.SetIfAny(column, date is { } day ? (object)BusinessDay.Key(day) : null);

    /// <summary>A text that must be there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static string Text(this TableEntity row, string column) => row.GetString(column) ?? throw Missing(row, column);

    /// <summary>A time that must be there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static DateTimeOffset Time(this TableEntity row, string column) => row.GetDateTimeOffset(column) ?? throw Missing(row, column);

    /// <summary>An amount that must be there.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static Fen Fen(this TableEntity row, string column) => new(row.GetInt64(column) ?? throw Missing(row, column));

    /// <summary>A name of an enumeration; null when it is not there.</summary>
    public static T? Name<T>(this TableEntity row, string column)
        where T : struct, Enum => row.GetString(column) is { } name ? Enum.Parse<T>(name) : null;

    /// <summary>A date; null when it is not there.</summary>
    public static DateOnly? Date(this TableEntity row, string column) =>
        row.GetString(column) is { } date ? DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture) : null;

    private static InvalidOperationException Missing(TableEntity row, string column) => new($"The row {row.RowKey} has no {column}.");
}
