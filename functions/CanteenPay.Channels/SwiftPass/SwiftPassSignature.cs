using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.Channels.SwiftPass;

/// <summary>
/// The gateway's signatures: every field but <c>sign</c> and the empty ones, sorted by ASCII, joined <c>name=value</c> with <c>&amp;</c>
/// without any encoding. Fields that nobody knows are signed too. The account's sign type counts, never the message's.
/// </summary>
internal static class SwiftPassSignature
{
    /// <summary>The field that holds the signature.</summary>
    public const string Field = "sign";

    /// <summary>What <c>sign_type</c> says for an account.</summary>
    public static string NameOf(SignType type) => type switch
    {
        SignType.Md5 => "MD5",
        SignType.Rsa256 => "RSA_1_256",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "unknown sign type"),
    };

    /// <summary>The text that is signed, without any key.</summary>
    public static string TextOf(IReadOnlyDictionary<string, string> fields) => string.Join('&', fields
        .Where(f => f.Value.Length > 0 && !string.Equals(f.Key, Field, StringComparison.Ordinal))
        .OrderBy(f => f.Key, StringComparer.Ordinal)
        .Select(f => $"{f.Key}={f.Value}"));

    /// <summary>Our signature of a request.</summary>
    /// <exception cref="ArgumentException">The account lacks the key of its sign type, or holds an unreadable one.</exception>
    public static string Sign(ChannelAccount account, IReadOnlyDictionary<string, string> fields)
    {
        var text = TextOf(fields);
        if (account.SignType == SignType.Md5)
            return Md5(account, text);
        using var rsa = ReadKey(account.MerchantPrivateKeyPem, account, "private key of the merchant");
        return Convert.ToBase64String(rsa.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Whether the channel signed these fields.</summary>
    /// <exception cref="ArgumentException">The account lacks the key of its sign type, or holds an unreadable one.</exception>
    public static bool Verify(ChannelAccount account, IReadOnlyDictionary<string, string> fields)
    {
        if (!fields.TryGetValue(Field, out var signature) || signature.Length == 0)
            return false;
        var text = TextOf(fields);
        if (account.SignType == SignType.Md5)
        {
            var expected = Encoding.ASCII.GetBytes(Md5(account, text));
            return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature.ToUpperInvariant()));
        }

        using var rsa = ReadKey(account.PlatformPublicKeyPem, account, "public key of the platform");
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && rsa.VerifyData(Encoding.UTF8.GetBytes(text), bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static string Md5(ChannelAccount account, string text)
    {
        if (string.IsNullOrEmpty(account.Key))
            throw new ArgumentException($"The account {account.MerchantId} signs by MD5 but has no key.", nameof(account));
#pragma warning disable CA5351 // The banks' protocol prescribes MD5; an account that may choose takes RSA_1_256.
        return Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes($"{text}&key={account.Key}")));
#pragma warning restore CA5351
    }

    private static RSA ReadKey(string? pem, ChannelAccount account, string what)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem ?? "");
            return rsa;
        }
        catch (ArgumentException e)
        {
            rsa.Dispose();
            throw new ArgumentException($"The account {account.MerchantId} signs by RSA but the {what} is missing or is not PEM.", nameof(account), e);
        }
        catch (CryptographicException e)
        {
            rsa.Dispose();
            throw new ArgumentException($"The account {account.MerchantId} signs by RSA but the {what} is unreadable.", nameof(account), e);
        }
    }
}
