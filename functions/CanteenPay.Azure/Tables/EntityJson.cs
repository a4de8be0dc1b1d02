using System.Text.Encodings.Web;
using System.Text.Json;
using Azure;

namespace CanteenPay.Azure.Tables;

/// <summary>Rows as the service's JSON, on one line (a transaction's parts must be).</summary>
internal static class EntityJson
{
    // Chinese stays Chinese, which is half the size; the text goes into no HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string TypeSuffix = "@odata.type";

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

    /// <summary>One walk over the properties, each name read once: a page has a thousand rows.</summary>
    private static TableEntity Read(JsonElement row, ETag? header)
    {
        TableEntity entity = new(row.GetProperty("PartitionKey"u8).GetString()!, row.GetProperty("RowKey"u8).GetString()!)
        {
            ETag = row.TryGetProperty("odata.etag"u8, out var tag) ? new ETag(tag.GetString()!) : header ?? default,
            Timestamp = row.TryGetProperty("Timestamp"u8, out var time) ? EdmValue.ReadTime(time) : null,
        };
        var (typedName, type) = ("", (string?)null);
        foreach (var property in row.EnumerateObject())
        {
            if (property.NameEquals("PartitionKey"u8) || property.NameEquals("RowKey"u8) || property.NameEquals("Timestamp"u8) || property.NameEquals("odata.etag"u8))
            {
                continue;
            }

            var name = property.Name;
            if (name.EndsWith(TypeSuffix, StringComparison.Ordinal))
            {
                // The service writes a type before its value; one that came after it is read again.
                (typedName, type) = (name[..^TypeSuffix.Length], property.Value.GetString());
                if (entity.ContainsKey(typedName))
                {
                    entity[typedName] = EdmValue.Read(typedName, row.GetProperty(typedName), type);
                }
            }
            else if (property.Value.ValueKind != JsonValueKind.Null && !name.StartsWith("odata.", StringComparison.Ordinal) && !name.Contains('@', StringComparison.Ordinal))
            {
                entity[name] = EdmValue.Read(name, property.Value, string.Equals(name, typedName, StringComparison.Ordinal) ? type : null);
            }
        }

        return entity;
    }
}
