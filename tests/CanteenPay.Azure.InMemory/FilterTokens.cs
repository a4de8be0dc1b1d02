using System.Globalization;

namespace CanteenPay.Azure.InMemory;

/// <summary>The words of a filter, and what its literals stand for. Read by hand: a simulated minute has a hundred queries that find nothing, and this is their cost.</summary>
internal static class FilterTokens
{
    internal static IReadOnlyList<string> Split(string filter)
    {
        List<string> tokens = [];
        for (var start = 0; start < filter.Length;)
        {
            if (char.IsWhiteSpace(filter[start]))
            {
                start++;
                continue;
            }

            var end = End(filter, start);
            tokens.Add(filter[start..end]);
            start = end;
        }

        return tokens;
    }

    /// <summary>Where the token ends that begins there: a bracket, a word, or a literal in quotes with the prefix of its type.</summary>
    private static int End(string filter, int start)
    {
        if (filter[start] is '(' or ')')
        {
            return start + 1;
        }

        var end = start;
        while (end < filter.Length && filter[end] is not ('(' or ')' or '\'') && !char.IsWhiteSpace(filter[end]))
        {
            end++;
        }

        if (end == filter.Length || filter[end] != '\'')
        {
            return end;
        }

        if (filter[start..end] is not ("" or "datetime" or "guid" or "X"))
        {
            throw new FormatException($"The filter cannot be read from '{filter[start..]}'.");
        }

        // A quote within the literal is doubled.
        for (end++; end < filter.Length; end++)
        {
            if (filter[end] != '\'')
            {
                continue;
            }

            if (end + 1 == filter.Length || filter[end + 1] != '\'')
            {
                return end + 1;
            }

            end++;
        }

        throw new FormatException($"The filter cannot be read from '{filter[start..]}'.");
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
}
