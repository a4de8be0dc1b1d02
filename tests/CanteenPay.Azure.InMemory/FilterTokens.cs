using System.Globalization;
using System.Text.RegularExpressions;

namespace CanteenPay.Azure.InMemory;

/// <summary>The words of a filter, and what its literals stand for.</summary>
internal static partial class FilterTokens
{
    internal static IReadOnlyList<string> Split(string filter)
    {
        List<string> tokens = [];
        for (var start = 0; start < filter.Length;)
        {
            var match = Token().Match(filter, start);
            if (!match.Success || match.Index != start)
            {
                throw new FormatException($"The filter cannot be read from '{filter[start..]}'.");
            }

            if (!string.IsNullOrWhiteSpace(match.Value))
            {
                tokens.Add(match.Value);
            }

            start += match.Length;
        }

        return tokens;
    }

    internal static object Value(string token) => token switch
    {
        "true" => true,
        "false" => false,
        _ when token[0] == '\'' => Unquote(token),
        _ when token.StartsWith("datetime'", StringComparison.Ordinal) =>
            DateTimeOffset.Parse(Unquote(token["datetime".Length..]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        _ when token.StartsWith("guid'", StringComparison.Ordinal) => Guid.Parse(Unquote(token["guid".Length..])),
        _ when token.EndsWith('L') => long.Parse(token[..^1], CultureInfo.InvariantCulture),
        _ when int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ when double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => real,
        _ => throw new FormatException($"'{token}' is no value in a filter."),
    };

    private static string Unquote(string token) => token[1..^1].Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(@"\s+|\(|\)|(?:datetime|guid|X)?'(?:[^']|'')*'|[^\s()']+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}
