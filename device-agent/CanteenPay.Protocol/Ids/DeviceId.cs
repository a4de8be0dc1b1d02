using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>A machine at a counter: 8 characters of <see cref="Crockford"/>, drawn at random by the cloud.</summary>
[JsonConverter(typeof(IdJsonConverter<DeviceId>))]
public readonly record struct DeviceId : IParsable<DeviceId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 8;

    private DeviceId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id.</summary>
    public static DeviceId New() => new(Crockford.Random(Length));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DeviceId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 8 characters of the alphabet.</exception>
    public static DeviceId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a machine id: 8 characters of Crockford base32, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DeviceId result)
    {
        var valid = Crockford.IsValid(s, Length);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
