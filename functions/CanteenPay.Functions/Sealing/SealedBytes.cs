using System.Security.Cryptography;

namespace CanteenPay.Functions.Sealing;

/// <summary>How sealed bytes lie: a version, a random nonce, the ciphertext, the tag (AES-256-GCM, NIST SP 800-38D).</summary>
internal static class SealedBytes
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    /// <summary>What sealing adds, in bytes.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Seals.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="plain">What is sealed; may be empty.</param>
    /// <param name="belonging">What it is and whose: opened under anything else it does not open.</param>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> belonging)
    {
        var result = new byte[plain.Length + Overhead];
        result[0] = Version;
        var nonce = result.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, result.AsSpan(1 + NonceLength, plain.Length), result.AsSpan(^TagLength..), belonging);
        return result;
    }

    /// <summary>Opens.</summary>
    /// <exception cref="CryptographicException">These bytes were not sealed by this key for this belonging, or were changed.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> belonging)
    {
        if (sealedBytes.Length < Overhead || sealedBytes[0] != Version)
            throw new CryptographicException("These are no sealed bytes of a known version.");
        var plain = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(sealedBytes.Slice(1, NonceLength), sealedBytes[(1 + NonceLength)..^TagLength], sealedBytes[^TagLength..], plain, belonging);
        return plain;
    }
}
