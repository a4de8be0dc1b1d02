using System.Globalization;
using System.Text.Json;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>A field in which two revisions differ.</summary>
/// <param name="Field">Its path, such as <c>gross</c>, <c>distributorParts.DSTR1BTR.part</c> or <c>terms.0.refunds</c>.</param>
/// <param name="Before">Its JSON before; null when it was not there.</param>
/// <param name="After">Its JSON after; null when it is not there any more.</param>
internal sealed record FieldChange(string Field, string? Before = null, string? After = null);

/// <summary>Compares revisions by their canonical JSON, so that no field can be forgotten.</summary>
internal static class RevisionDiff
{
    /// <summary>The fields that differ, in the order of their names.</summary>
    public static IReadOnlyList<FieldChange> Between(string before, string after)
    {
        var (old, young) = (Flat(before), Flat(after));
        return
        [
            .. old.Keys.Union(young.Keys).Order(StringComparer.Ordinal)
                .Select(field => new FieldChange(field, old.GetValueOrDefault(field), young.GetValueOrDefault(field)))
                .Where(change => change.Before != change.After),
        ];
    }

    private static Dictionary<string, string> Flat(string json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        Walk("", document.RootElement, fields);
        return fields;
    }

    private static void Walk(string path, JsonElement value, Dictionary<string, string> fields)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    Walk(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value, fields);
                break;
            case JsonValueKind.Array:
                foreach (var (number, item) in value.EnumerateArray().Index())
                    Walk($"{path}.{NameOf(item) ?? number.ToString(CultureInfo.InvariantCulture)}", item, fields);
                break;
            default:
                fields[path] = value.GetRawText();
                break;
        }
    }

    /// <summary>A distributor's part is the same one wherever it stands in its list.</summary>
    private static string? NameOf(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("distributor", out var distributor) ? distributor.GetString() : null;
}
