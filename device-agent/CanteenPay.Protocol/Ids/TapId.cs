using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>One tap of a card: 12 characters of <see cref="Crockford"/>, drawn by the machine. All entries that the tap made bear it, and it is reversed once only.</summary>
[JsonConverter(typeof(IdJsonConverter<TapId>))]
public readonly record struct TapId : IParsable<TapId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 12;

    private TapId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id, drawn by the caller's own chance (<see cref="Crockford.Random"/>, except in a simulation).</summary>
    /// <exception cref="FormatException">What was drawn is of another alphabet or length.</exception>
    public static TapId New(Func<int, string> draw) => Parse(draw(Length));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static TapId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 12 characters of the alphabet.</exception>
    public static TapId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a tap id: 12 characters of Crockford base32, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out TapId result)
    {
        var valid = Crockford.IsValid(s, Length);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
