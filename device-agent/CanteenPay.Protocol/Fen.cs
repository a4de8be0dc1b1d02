using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>An amount of money in fen (¥0.01), never a fraction of one. All arithmetic is checked.</summary>
/// <param name="Value">Fen; negative for money that goes back.</param>
[JsonConverter(typeof(FenJsonConverter))]
public readonly record struct Fen(long Value) : IComparable<Fen>
{
    /// <summary>The largest amount that may be keyed at a till: ¥99,999.99.</summary>
    public static readonly Fen MaxKeyed = new(9_999_999);

    /// <summary>Nothing.</summary>
    public static readonly Fen Zero;

    /// <summary>Whether this is an amount that a cashier may ask for: more than nothing, at most <see cref="MaxKeyed"/>.</summary>
    public bool IsKeyable => Value > 0 && Value <= MaxKeyed.Value;

    /// <summary>Reads yuan with at most two decimals: "12.50", "12.5", "12", "0.05", "-3.00".</summary>
    /// <exception cref="FormatException">Not such a number, or more than two decimals.</exception>
    /// <exception cref="OverflowException">Beyond what a <see cref="long"/> of fen holds.</exception>
    public static Fen Parse(string text) => Read(text) switch
    {
        (var value, null) => new(value),
        (_, var error) => throw error,
    };

    /// <summary>Reads yuan as <see cref="Parse"/> does; false where it would throw.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Fen amount)
    {
        var (value, error) = Read(text);
        amount = new(value);
        return error is null;
    }

    private static (long Value, Exception? Error) Read(string? text)
    {
        var digits = text.AsSpan();
        var negative = digits is ['-', ..];
        if (negative)
            digits = digits[1..];
        var dot = digits.IndexOf('.');
        var yuan = dot < 0 ? digits : digits[..dot];
        var fraction = dot < 0 ? [] : digits[(dot + 1)..];
        if (yuan.IsEmpty || dot >= 0 && fraction.IsEmpty || fraction.Length > 2
            || yuan.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return (0, new FormatException($"'{text}' is not an amount in yuan with at most two decimals, such as 12.50."));
        }

        try
        {
            var value = checked(long.Parse(yuan, NumberStyles.None, CultureInfo.InvariantCulture) * 100 + Hundredths(fraction));
            return (negative ? -value : value, null);
        }
        catch (OverflowException)
        {
            return (0, new OverflowException($"'{text}' is more than an amount can be."));
        }
    }

    private static long Hundredths(ReadOnlySpan<char> fraction) => fraction.Length switch
    {
        0 => 0,
        1 => (fraction[0] - '0') * 10,
        _ => (fraction[0] - '0') * 10 + (fraction[1] - '0'),
    };

    /// <summary>Yuan with two decimals and no thousands separator: "12.50".</summary>
    public override string ToString()
    {
        var magnitude = UInt128.CreateChecked(Int128.Abs(Value));
        return string.Create(CultureInfo.InvariantCulture, $"{(Value < 0 ? "-" : "")}{magnitude / 100}.{magnitude % 100:D2}");
    }

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">Beyond a <see cref="long"/> of fen.</exception>
    public static Fen operator +(Fen left, Fen right) => new(checked(left.Value + right.Value));

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">Beyond a <see cref="long"/> of fen.</exception>
    public static Fen operator -(Fen left, Fen right) => new(checked(left.Value - right.Value));

    /// <summary>The sum, as a method.</summary>
    public Fen Add(Fen other) => this + other;

    /// <summary>The difference, as a method.</summary>
    public Fen Subtract(Fen other) => this - other;

    /// <inheritdoc/>
    public int CompareTo(Fen other) => Value.CompareTo(other.Value);

    /// <summary>Less than.</summary>
    public static bool operator <(Fen left, Fen right) => left.Value < right.Value;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(Fen left, Fen right) => left.Value <= right.Value;

    /// <summary>More than.</summary>
    public static bool operator >(Fen left, Fen right) => left.Value > right.Value;

    /// <summary>More than or equal.</summary>
    public static bool operator >=(Fen left, Fen right) => left.Value >= right.Value;
}

/// <summary>An amount travels as a whole number of fen.</summary>
public sealed class FenJsonConverter : JsonConverter<Fen>
{
    /// <inheritdoc/>
    public override Fen Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? new Fen(value)
            : throw new JsonException("An amount must be a whole number of fen.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Fen value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}
