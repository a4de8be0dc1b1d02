using System.Buffers;
using System.Security.Cryptography;

namespace CanteenPay.Protocol;

/// <summary>Crockford's base32 in upper case: digits and letters without I, L, O and U, so that an id read aloud is not misheard.</summary>
public static class Crockford
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    private static readonly Lock Gate = new();
    private static readonly byte[] Drawn = new byte[512];
    private static int left;

    /// <summary>Random text of so many characters (5 bits each) from the system's cryptographic source, which is asked for many ids at once: a tap waits for one.</summary>
    /// <param name="length">0 to 512.</param>
    public static string Random(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Drawn.Length, nameof(length));
        lock (Gate)
        {
            if (left < length)
            {
                RandomNumberGenerator.Fill(Drawn);
                left = Drawn.Length;
            }

            left -= length;
            return Of(Drawn.AsSpan(left, length), length);
        }
    }

    /// <summary>Text of so many characters, 5 bits of a byte each: the same for the same bytes.</summary>
    /// <param name="bytes">At least so many.</param>
    /// <param name="length">Characters.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int length)
    {
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
            text[i] = Alphabet[bytes[i] % Alphabet.Length];
        return new(text);
    }

    /// <summary>Characters of the alphabet.</summary>
    public static int Count => Alphabet.Length;

    /// <summary>Which of the alphabet's characters, from 0, in its own order, which is also the one of ids as text; -1 for another one.</summary>
    public static int IndexOf(char character) => Alphabet.IndexOf(character, StringComparison.Ordinal);

    /// <summary>Whether the text has exactly this length and only characters of the alphabet.</summary>
    public static bool IsValid(ReadOnlySpan<char> text, int length) => text.Length == length && !text.ContainsAnyExcept(Characters);
}
