using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace CanteenPay.Protocol;

/// <summary>One life of a machine's card journal: 8 characters of <see cref="Crockford"/>, drawn by the machine, or following from what it books again. It belongs to one merchant for ever; a machine that is moved, installed anew or restored begins another.</summary>
[JsonConverter(typeof(IdJsonConverter<Epoch>))]
public readonly record struct Epoch : IParsable<Epoch>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = 8;

    private Epoch(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <summary>A new id, drawn by the caller's own chance (<see cref="Crockford.Random"/>, except in a simulation).</summary>
    /// <exception cref="FormatException">What was drawn is of another alphabet or length.</exception>
    public static Epoch New(Func<int, string> draw) => Parse(draw(Length));

    /// <summary>
    /// The journal in which entries of another one are booked again. It follows from them: a disk that is restored a second time from the same image books them again in
    /// the same journal, where the cloud knows them.
    /// </summary>
    /// <param name="first">The other journal's hash after the first of them: of its merchant, machine, epoch and all entries so far.</param>
    public static Epoch Again(EntryHash first) =>
        new(Crockford.Of(SHA256.HashData(Encoding.ASCII.GetBytes($"canteenpay card journal again 1|{first.Value}")), Length));

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static Epoch Parse(string text) => Parse(text, null);

    /// <inheritdoc/>
    /// <exception cref="FormatException">Not 8 characters of the alphabet.</exception>
    public static Epoch Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is not a journal's epoch: 8 characters of Crockford base32, upper case.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Epoch result)
    {
        var valid = Crockford.IsValid(s, Length);
        result = valid ? new(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
