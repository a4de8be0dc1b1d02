using System.Formats.Asn1;

namespace CanteenPay.Azure.Certificates;

/// <summary>An ECDSA signature on P-256 in the two ways in which it is written: r‖s (JOSE, Key Vault) and DER (X.509, TLS).</summary>
public static class EcdsaSignature
{
    private const int Half = 32;

    /// <summary>Turns r‖s into DER: <c>SEQUENCE { INTEGER r, INTEGER s }</c>, each as short as it can be and never negative.</summary>
    /// <exception cref="ArgumentException">It is not 64 bytes, or r or s is 0, which is no signature.</exception>
    public static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 2 * Half)
        {
            throw new ArgumentException($"A signature on P-256 has {2 * Half} bytes, not {signature.Length}.", nameof(signature));
        }

        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            Write(writer, signature[..Half]);
            Write(writer, signature[Half..]);
        }

        return writer.Encode();
    }

    private static void Write(AsnWriter writer, ReadOnlySpan<byte> number)
    {
        var shortest = number.TrimStart((byte)0);
        if (shortest.IsEmpty)
        {
            throw new ArgumentException("0 is no part of a signature.", nameof(number));
        }

        writer.WriteIntegerUnsigned(shortest);
    }
}
