using System.Globalization;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>Text of any length in the columns of a row: a column holds 32 K characters.</summary>
internal static class LongText
{
    private const int PerColumn = 30_000;

    /// <summary>Writes it to as many columns as it needs: <c>{column}0</c>, <c>{column}1</c> …</summary>
    public static void SetLong(this TableEntity row, string column, string text)
    {
        for (var (at, number) = (0, 0); at < text.Length; at += PerColumn, number++)
            row[Name(column, number)] = text.Substring(at, Math.Min(PerColumn, text.Length - at));
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public static string Long(this TableEntity row, string column)
    {
        var text = row.GetString(Name(column, 0)) ?? throw new InvalidOperationException($"The row {row.PartitionKey}/{row.RowKey} has no {column}.");
        for (var number = 1; row.GetString(Name(column, number)) is { } part; number++)
            text += part;
        return text;
    }

    private static string Name(string column, int number) => column + number.ToString(CultureInfo.InvariantCulture);
}
