using System.Globalization;
using System.Text.Json;

namespace CanteenPay.Azure.Tables;

/// <summary>The types of a table's properties, in memory and on the wire (OData's Edm types).</summary>
internal static class EdmValue
{
    // The service's earliest time.
    private static readonly DateTimeOffset Earliest = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>One type in memory for each type on the wire.</summary>
    internal static object Normalize(string name, object value) => value switch
    {
        string or int or long or bool or Guid or BinaryData => value,
        double number => double.IsFinite(number)
            ? number
            : throw new ArgumentException($"Property '{name}' is {number}: a table stores finite numbers only.", nameof(value)),
        DateTimeOffset time => Time(name, time),
        DateTime { Kind: DateTimeKind.Utc } time => Time(name, new DateTimeOffset(time)),
        byte[] bytes => new BinaryData(bytes),
        _ => throw new ArgumentException($"Property '{name}' is {value.GetType().Name}, which a table cannot store. Turn it into text or a number first.", nameof(value)),
    };

    internal static bool AreEqual(object left, object right) => (left, right) switch
    {
        (BinaryData a, BinaryData b) => a.ToMemory().Span.SequenceEqual(b.ToMemory().Span),
        _ => left.Equals(right),
    };

    /// <summary>Writes the value, and its type where JSON does not tell it.</summary>
    internal static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(name, text);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case long number:
                WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture));
                break;
            case double number:
                WriteTyped(json, name, "Edm.Double", number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset time:
                WriteTyped(json, name, "Edm.DateTime", Format(time));
                break;
            case Guid guid:
                WriteTyped(json, name, "Edm.Guid", guid.ToString("D"));
                break;
            case BinaryData bytes:
                WriteTyped(json, name, "Edm.Binary", Convert.ToBase64String(bytes.ToMemory().Span));
                break;
        }
    }

    internal static object Read(string name, JsonElement value, string? type) => type switch
    {
        null => Untyped(name, value),
        "Edm.String" => value.GetString()!,
        "Edm.Int32" => value.GetInt32(),
        "Edm.Int64" => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.Boolean" => value.GetBoolean(),
        "Edm.Double" => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        "Edm.DateTime" => ReadTime(value),
        "Edm.Guid" => Guid.Parse(value.GetString()!),
        "Edm.Binary" => new BinaryData(value.GetBytesFromBase64()),
        _ => throw new FormatException($"Property '{name}' has the type '{type}', which no table has."),
    };

    /// <summary>A time in UTC, also one without a zone: the service means UTC.</summary>
    internal static DateTimeOffset ReadTime(JsonElement value) => value.GetRawText() is [.., 'Z', '"'] && value.TryGetDateTimeOffset(out var time)
        ? time
        : DateTimeOffset.Parse(value.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The text of a time, always with 7 digits: what was written is what is read.</summary>
    internal static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>What the value counts towards a row's 1 MiB, in bytes.</summary>
    internal static int Size(object value) => value switch
    {
        string text => (text.Length * 2) + 4,
        BinaryData bytes => bytes.ToMemory().Length + 4,
        bool => 1,
        int => 4,
        Guid => 16,
        _ => 8,
    };

    private static object Untyped(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt32(out var number) && !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E') => number,
        JsonValueKind.Number => value.GetDouble(),
        _ => throw new FormatException($"Property '{name}' is neither text, number nor truth value."),
    };

    private static DateTimeOffset Time(string name, DateTimeOffset time) => time >= Earliest
        ? time.ToUniversalTime()
        : throw new ArgumentException($"Property '{name}' is before 1601, which a table cannot store.", nameof(time));

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name + "@odata.type", type);
        json.WriteString(name, value);
    }
}
