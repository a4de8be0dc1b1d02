using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>Reads a trace context; null for anything that is none, so that no payment is lost over it.</summary>
public sealed class TraceparentConverter : JsonConverter<string?>
{
    /// <inheritdoc/>
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var isOne = reader is { TokenType: JsonTokenType.String, HasValueSequence: false, ValueIsEscaped: false } && reader.ValueSpan.Length == TraceContext.Length;
        return isOne ? TraceContext.Clean(Encoding.Latin1.GetString(reader.ValueSpan)) : null;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
