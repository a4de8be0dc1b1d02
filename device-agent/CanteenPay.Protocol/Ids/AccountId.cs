using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>The account of one holder at one merchant: 8 characters of <see cref="Crockford"/>, drawn at random by the cloud. Card numbers point to it.</summary>
[JsonConverter(typeof(IdJsonConverter<AccountId>))]
public readonly record struct AccountId : IParsable<AccountId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 8;

    private AccountId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id, drawn by the caller's own chance (<see cref="Crockford.Random"/>, except in a simulation).</summary>
    /// <exception cref="FormatException">What was drawn is of another alphabet or length.</exception>
    public static AccountId New(Func<int, string> draw) => Parse(draw(Length));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static AccountId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 8 characters of the alphabet.</exception>
    public static AccountId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not an account id: 8 characters of Crockford base32, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AccountId result)
    {
        var valid = Crockford.IsValid(s, Length);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
