using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants;

/// <summary>A distributor (经销商): 8 characters of <see cref="Crockford"/>, drawn at random.</summary>
[JsonConverter(typeof(IdJsonConverter<DistributorId>))]
internal readonly record struct DistributorId : IParsable<DistributorId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 8;

    private DistributorId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id.</summary>
    public static DistributorId New() => new(Crockford.Random(Length));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DistributorId Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 8 characters of the alphabet.</exception>
    public static DistributorId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a distributor id: 8 characters of Crockford base32, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DistributorId result)
    {
        var valid = Crockford.IsValid(s, Length);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
