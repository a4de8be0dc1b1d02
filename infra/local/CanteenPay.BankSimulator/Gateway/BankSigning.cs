using System.Security.Cryptography;
using System.Text;
using CanteenPay.BankSimulator.Merchants;

namespace CanteenPay.BankSimulator.Gateway;

/// <summary>The bank's own signing, written apart from the adapter's on purpose.</summary>
internal static class BankSigning
{
    /// <summary>The signature that the bank puts under its fields.</summary>
    public static string Sign(BankMerchant merchant, SortedDictionary<string, string> fields)
    {
        if (!merchant.UsesRsa)
            return Md5(merchant, fields);
        using var key = RSA.Create();
        key.ImportFromPem(merchant.PlatformPrivateKeyPem);
        return Convert.ToBase64String(key.SignData(Canonical(fields), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>Whether the merchant signed these fields.</summary>
    public static bool IsSignedBy(BankMerchant merchant, SortedDictionary<string, string> fields)
    {
        if (!fields.TryGetValue("sign", out var sign))
            return false;
        if (!merchant.UsesRsa)
            return string.Equals(sign, Md5(merchant, fields), StringComparison.OrdinalIgnoreCase);
        Span<byte> signature = stackalloc byte[1024];
        if (sign.Length > 1024 || !Convert.TryFromBase64String(sign, signature, out var length))
            return false;
        using var key = RSA.Create();
        key.ImportFromPem(merchant.MerchantPublicKeyPem);
        return key.VerifyData(Canonical(fields), signature[..length], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>The bytes that are signed: name=value pairs in order, without sign and empty ones.</summary>
    internal static byte[] Canonical(SortedDictionary<string, string> fields)
    {
        var text = new StringBuilder();
        foreach (var field in fields)
        {
            if (field.Key == "sign" || field.Value == "")
                continue;
            if (text.Length > 0)
                text.Append('&');
            text.Append(field.Key).Append('=').Append(field.Value);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Md5(BankMerchant merchant, SortedDictionary<string, string> fields)
    {
#pragma warning disable CA5351 // The protocol prescribes MD5.
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        md5.AppendData(Canonical(fields));
        md5.AppendData("&key="u8);
        md5.AppendData(Encoding.UTF8.GetBytes(merchant.Key!));
        return Convert.ToHexString(md5.GetHashAndReset());
    }
}
