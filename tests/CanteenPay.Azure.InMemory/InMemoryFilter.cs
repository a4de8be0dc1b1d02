using System.Globalization;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.InMemory;

/// <summary>Evaluates the filters that stores use: <c>and or not ( )</c>, <c>eq ne gt ge lt le</c> on text, integers, times, truth values, GUIDs and doubles.</summary>
/// <remarks>A row without the property, or with one of another type, does not match a comparison, as in the service.</remarks>
internal sealed class InMemoryFilter
{
    private static readonly string[] Comparisons = ["eq", "ne", "gt", "ge", "lt", "le"];

    private readonly IReadOnlyList<string> tokens;
    private int next;

    private InMemoryFilter(IReadOnlyList<string> tokens) => this.tokens = tokens;

    private string Current => next < tokens.Count ? tokens[next] : "";

    /// <exception cref="FormatException">The filter is not of this grammar.</exception>
    internal static Func<TableEntity, bool> Parse(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return static _ => true;
        }

        InMemoryFilter parser = new(FilterTokens.Split(filter));
        var predicate = parser.Or();
        return parser.next == parser.tokens.Count ? predicate : throw new FormatException($"The filter has '{parser.Current}' where it should end: {filter}");
    }

    private Func<TableEntity, bool> Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = row => first(row) || second(row);
        }

        return left;
    }

    private Func<TableEntity, bool> And()
    {
        var left = Not();
        while (Take("and"))
        {
            var (first, second) = (left, Not());
            left = row => first(row) && second(row);
        }

        return left;
    }

    private Func<TableEntity, bool> Not()
    {
        if (Take("not"))
        {
            var inner = Not();
            return row => !inner(row);
        }

        if (!Take("("))
        {
            return Comparison();
        }

        var group = Or();
        return Take(")") ? group : throw new FormatException("The filter lacks a ')'.");
    }

    private Func<TableEntity, bool> Comparison()
    {
        var name = Pop();
        var comparison = Pop();
        if (!Comparisons.Contains(comparison))
        {
            throw new FormatException($"'{comparison}' is no comparison; the filter takes {string.Join(", ", Comparisons)}.");
        }

        var literal = FilterTokens.Value(Pop());
        return row => Property(row, name) is { } value && Compare(value, literal) is { } order && Holds(comparison, order);
    }

    private static bool Holds(string comparison, int order) => comparison switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };

    private static object? Property(TableEntity row, string name) => name switch
    {
        "PartitionKey" => row.PartitionKey,
        "RowKey" => row.RowKey,
        "Timestamp" => row.Timestamp,
        _ => row[name],
    };

    private static int? Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (int or long, int or long) => Convert.ToInt64(left, CultureInfo.InvariantCulture).CompareTo(Convert.ToInt64(right, CultureInfo.InvariantCulture)),
        (double a, double b) => a.CompareTo(b),
        (bool a, bool b) => a.CompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (Guid a, Guid b) => a.CompareTo(b),
        _ => null,
    };

    private bool Take(string token)
    {
        if (Current != token)
        {
            return false;
        }

        next++;
        return true;
    }

    private string Pop() => next < tokens.Count ? tokens[next++] : throw new FormatException("The filter ends in the middle.");
}
