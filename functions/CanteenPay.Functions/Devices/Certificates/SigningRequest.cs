using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>
/// What a machine asks a certificate with (PKCS #10, PEM). Of it nothing is believed but that whoever made it holds the key: subject and extensions are not read.
/// </summary>
/// <param name="Key">The key, on P-256.</param>
/// <param name="Bytes">The request itself, DER.</param>
internal sealed record SigningRequest(PublicKey Key, byte[] Bytes)
{
    /// <summary>One with a key on P-256 has some 400 bytes.</summary>
    private const int MaxPem = 2 * 1024;
    private const string EcPublicKey = "1.2.840.10045.2.1", Label = "CERTIFICATE REQUEST";

    /// <summary>The curve by its name (1.2.840.10045.3.1.7), DER: a curve that somebody spells out may be one of their own.</summary>
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    /// <summary>By which one key is told from another.</summary>
    public string KeyHash => Convert.ToHexStringLower(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));

    /// <summary>Reads a request; else what is wrong with it.</summary>
    public static (SigningRequest? Request, string? Problem) Read(string? pem)
    {
        if (pem is not { Length: > 0 and <= MaxPem })
            return (null, $"A PEM of 1 to {MaxPem} characters is expected.");
        try
        {
            if (!PemEncoding.TryFind(pem, out var found) || pem[found.Label] != Label)
                return (null, $"It is no PEM with the label {Label}.");
            var bytes = Convert.FromBase64String(pem[found.Base64Data]);
            // The kind of key before its signature: checking others may cost whatever a stranger likes.
            var unchecked_ = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.SkipSignatureValidation);
            if (!IsP256(unchecked_.PublicKey))
                return (null, "Its key is not an EC key on the named curve P-256.");
            var request = CertificateRequest.LoadSigningRequest(bytes, HashAlgorithmName.SHA256);
            return (new(request.PublicKey, bytes), null);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException or NotSupportedException)
        {
            return (null, "It is no request that its own key signed.");
        }
    }

    /// <summary>Whether a key is on P-256, by the curve's name.</summary>
    public static bool IsP256(PublicKey key) => key.Oid.Value == EcPublicKey && key.EncodedParameters is { } curve && curve.RawData.AsSpan().SequenceEqual(P256);

    /// <summary>What the holder of a certificate signs to have it renewed by this request, for a machine.</summary>
    public byte[] RenewalText(string device) => [.. Encoding.ASCII.GetBytes($"canteenpay-renewal-1|{device}|"), .. Bytes];
}
