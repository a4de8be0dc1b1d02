using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>Rows as the service's JSON, on one line (a transaction's parts must be).</summary>
internal static class EntityJson
{
    // Chinese stays Chinese, which is half the size; the text goes into no HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Write(TableEntity entity)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Plain))
        {
            json.WriteStartObject();
            json.WriteString("PartitionKey", entity.PartitionKey);
            json.WriteString("RowKey", entity.RowKey);
            foreach (var (name, value) in entity)
            {
                EdmValue.Write(json, name, value);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    internal static TableEntity Read(ReadOnlyMemory<byte> json, ETag? header)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, header);
    }

    internal static IReadOnlyList<TableEntity> ReadPage(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("value").EnumerateArray().Select(row => Read(row, header: null))];
    }

    private static TableEntity Read(JsonElement row, ETag? header)
    {
        var etag = row.TryGetProperty("odata.etag", out var tag) ? new ETag(tag.GetString()!) : header ?? default;
        TableEntity entity = new(row.GetProperty("PartitionKey").GetString()!, row.GetProperty("RowKey").GetString()!)
        {
            ETag = etag,
            Timestamp = row.TryGetProperty("Timestamp", out var time)
                ? DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
                : null,
        };
        foreach (var property in row.EnumerateObject().Where(IsOwn))
        {
            var type = row.TryGetProperty(property.Name + "@odata.type", out var given) ? given.GetString() : null;
            entity[property.Name] = EdmValue.Read(property.Name, property.Value, type);
        }

        return entity;
    }

    private static bool IsOwn(JsonProperty property) =>
        property.Value.ValueKind != JsonValueKind.Null
        && property.Name is not ("PartitionKey" or "RowKey" or "Timestamp")
        && !property.Name.StartsWith("odata.", StringComparison.Ordinal)
        && !property.Name.Contains('@', StringComparison.Ordinal);
}
