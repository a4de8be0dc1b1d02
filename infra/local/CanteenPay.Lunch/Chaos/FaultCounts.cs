using System.Text.Json.Nodes;

namespace CanteenPay.Lunch.Chaos;

/// <summary>Reads how often what was done. LocalCloud keeps <c>counts</c> for each hop, the bank what was <c>done</c>.</summary>
internal static class FaultCounts
{
    private const string Hops = "hops";

    /// <summary>By hop and kind; only what was done at all.</summary>
    /// <param name="status">What the place answers.</param>
    /// <param name="name">Its name, which every key begins with.</param>
    public static SortedDictionary<string, long> Of(JsonNode? status, string name)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        Collect(status, name, counts);
        return counts;
    }

    private static void Collect(JsonNode? node, string path, SortedDictionary<string, long> counts)
    {
        if (node is not JsonObject all)
            return;
        foreach (var (key, value) in all)
        {
            if (key is not ("counts" or "done") || value is not JsonObject found)
            {
                Collect(value, key == Hops ? path : $"{path} {key}", counts);
                continue;
            }

            foreach (var (fault, count) in found)
            {
                if (count is JsonValue number && number.TryGetValue<long>(out var times) && times > 0)
                    counts[$"{path}: {fault}"] = times;
            }
        }
    }
}
