using System.Globalization;

namespace CanteenPay.Azure.Tables;

/// <summary>Values as literals of a query filter.</summary>
internal static class TableFilter
{
    internal static string Create(FormattableString filter) => string.Format(
        CultureInfo.InvariantCulture, filter.Format, [.. filter.GetArguments().Select(argument => (object)Literal(argument))]);

    private static string Literal(object? value) => value switch
    {
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        bool truth => truth ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        double number => number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0",
        DateTimeOffset time => $"datetime'{EdmValue.Format(time)}'",
        Guid guid => $"guid'{guid:D}'",
        BinaryData bytes => $"X'{Convert.ToHexString(bytes.ToMemory().Span)}'",
        null => throw new ArgumentException("A filter cannot compare with null: a table has no nulls.", nameof(value)),
        _ => throw new ArgumentException($"A filter cannot hold {value.GetType().Name}.", nameof(value)),
    };
}
