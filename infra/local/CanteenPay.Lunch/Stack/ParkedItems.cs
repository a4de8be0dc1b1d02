using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CanteenPay.Lunch.Stack;

/// <summary>What waits for a person in the function app.</summary>
internal sealed partial class ParkedItems(HttpClient http, Uri functions)
{
    private const string NoReason = "–";

    /// <summary>How many by reason, whichever order or machine it is about; null when the function app has no list of them.</summary>
    public async Task<IReadOnlyDictionary<string, int>?> CountAsync(IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var day in days)
        {
            using var response = await http.GetAsync(
                new Uri(functions, string.Create(CultureInfo.InvariantCulture, $"/api/parked?day={day:yyyy-MM-dd}")), cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return null;
            response.EnsureSuccessStatusCode();
            foreach (var item in JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonArray ?? [])
            {
                var reason = Ids().Replace($"{item?["source"]}: {item?["reason"] ?? NoReason}", "…");
                counts[reason] = counts.GetValueOrDefault(reason) + 1;
            }
        }

        return counts;
    }

    /// <summary>Ids and numbers, which would make every reason one of its own.</summary>
    [GeneratedRegex("[0-9A-Z]{8,}|[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Ids();
}
