using System.Text.RegularExpressions;
using CanteenPay.Azure.Tables;

namespace CanteenPay.Azure.InMemory;

/// <summary>
/// The rows that the service looks at: of a filter that begins with a partition only that partition's, from the first row key that can match to the last.
/// </summary>
/// <param name="From">The first key.</param>
/// <param name="Partition">The only partition; null for all.</param>
/// <param name="Before">The row key that ends it; null for none.</param>
internal sealed partial record KeyRange((string Partition, string Row) From, string? Partition, string? Before)
{
    private static readonly KeyRange Everything = new(("", ""), null, null);

    /// <summary>The range of a filter.</summary>
    public static KeyRange Of(string? filter)
    {
        if (filter is null || filter.Contains(" or ", StringComparison.Ordinal) || filter.Contains("not ", StringComparison.Ordinal) || Partitioned().Match(filter) is not { Success: true } match)
            return Everything;
        var partition = Unquote(match.Groups["partition"]);
        return new((partition, Unquote(match.Groups["from"])), partition, match.Groups["before"].Success ? Unquote(match.Groups["before"]) : null);
    }

    /// <summary>Whether a row that is not before <see cref="From"/> is in the range.</summary>
    public bool Includes(TableEntity row) =>
        Partition is null || (row.PartitionKey == Partition && (Before is null || string.CompareOrdinal(row.RowKey, Before) < 0));

    private static string Unquote(Group group) => group.Value.Replace("''", "'", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^PartitionKey eq '(?<partition>(?:[^']|'')*)'(?: and RowKey g[et] '(?<from>(?:[^']|'')*)')?(?: and RowKey lt '(?<before>(?:[^']|'')*)')?(?: and |$)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Partitioned();
}
