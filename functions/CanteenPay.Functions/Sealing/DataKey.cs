using System.Security.Cryptography;
using System.Text;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Sealing;

/// <summary>
/// A merchant's key. What it seals opens only with this key, for this merchant and under the same purpose: an ID number that is moved into the field of a bank
/// card, or into another merchant's row, does not open.
/// </summary>
internal sealed class DataKey
{
    private readonly MerchantId _merchant;
    private readonly byte[] _key;

    /// <summary>From the key in the clear.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public DataKey(MerchantId merchant, byte[] key)
    {
        if (key.Length != SealedBytes.KeyLength)
            throw new ArgumentException($"A data key has {SealedBytes.KeyLength} bytes, not {key.Length}.", nameof(key));
        (_merchant, _key) = (merchant, key);
    }

    /// <summary>Seals bytes; twice the same bytes look different.</summary>
    /// <param name="plain">What is sealed.</param>
    /// <param name="purpose">What it is, for example <c>residentId</c>; the same again for opening.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, string purpose) => SealedBytes.Seal(_key, plain, Belonging(purpose));

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="SealException">It was changed, was sealed by another key, for another merchant or purpose.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes, string purpose)
    {
        try
        {
            return SealedBytes.Open(_key, sealedBytes, Belonging(purpose));
        }
        catch (CryptographicException e)
        {
            throw new SealException($"What is stored as '{purpose}' of merchant {_merchant} does not open: it was changed, moved, or sealed by another key.", e);
        }
    }

    /// <summary>Seals text, as base64.</summary>
    /// <inheritdoc cref="Seal"/>
    public string SealText(string plain, string purpose) => Convert.ToBase64String(Seal(Encoding.UTF8.GetBytes(plain), purpose));

    /// <summary>Opens what <see cref="SealText"/> made.</summary>
    /// <exception cref="SealException">It is not that, or does not open.</exception>
    public string OpenText(string sealedText, string purpose)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(sealedText);
        }
        catch (FormatException e)
        {
            throw new SealException($"What is stored as '{purpose}' of merchant {_merchant} is not base64.", e);
        }

        return Encoding.UTF8.GetString(Open(bytes, purpose));
    }

    /// <summary>Its merchant only: a key is never printed.</summary>
    public override string ToString() => $"data key of {_merchant}";

    private byte[] Belonging(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        return Encoding.UTF8.GetBytes($"canteenpay seal 1|{_merchant}|{purpose}");
    }
}
