using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>
/// What a card reader reads of a card: its number in 6 to 20 hexadecimal digits (a UID of 4, 7 or 10 bytes, ISO/IEC 14443-3, or the decimal number that some
/// readers type). It prints masked: a card's number stands in no log. <see cref="Value"/> is for keys and messages.
/// </summary>
[JsonConverter(typeof(CardNoJsonConverter))]
public readonly record struct CardNo : IParsable<CardNo>
{
    /// <summary>Fewest digits.</summary>
    public const int MinLength = 6;

    /// <summary>Most digits.</summary>
    public const int MaxLength = 20;

    private const int Shown = 4;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCDEF");

    private CardNo(string value) => Value = value;

    /// <summary>The number in full.</summary>
    public string Value { get; }

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static CardNo Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 6 to 20 hexadecimal digits in upper case.</exception>
    public static CardNo Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var no) ? no : throw new FormatException("Not a card number: 6 to 20 hexadecimal digits, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out CardNo result)
    {
        var valid = s is { Length: >= MinLength and <= MaxLength } && !s.AsSpan().ContainsAnyExcept(Digits);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <summary>Masked: its last four digits.</summary>
    public override string ToString() => Value is null ? "" : "****" + Value[^Shown..];
}

/// <summary>A card number travels in full and is checked when it is read.</summary>
public sealed class CardNoJsonConverter : JsonConverter<CardNo>
{
    /// <inheritdoc/>
    public override CardNo Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && CardNo.TryParse(reader.GetString(), null, out var no) ? no : throw new JsonException("Not a valid CardNo.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CardNo value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
