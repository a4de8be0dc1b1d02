using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanteenPay.Azure.Certificates;

/// <summary>Makes certificates whose signature comes from a key that is not here, on P-256 with SHA-256.</summary>
/// <remarks>
/// .NET asks for the signature synchronously, a vault answers later. So the certificate is made twice: once to learn what is to be signed, once with the signature. Both
/// are the same bytes, because everything in them is given; the signature is checked, so a wrong key is found here and not by the broker.
/// </remarks>
public static class SignedElsewhere
{
    /// <summary>Makes a certificate.</summary>
    /// <param name="request">Subject, key and extensions.</param>
    /// <param name="issuer">Who signs.</param>
    /// <param name="issuerKey">The public key of who signs.</param>
    /// <param name="period">From when until when, to the second.</param>
    /// <param name="serial">The serial number: positive, at most 20 bytes.</param>
    /// <param name="signAsync">Signs a SHA-256 digest: answers r‖s.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CryptographicException">The signature is not by that key.</exception>
    public static async Task<X509Certificate2> CreateAsync(
        CertificateRequest request,
        X500DistinguishedName issuer,
        ECDsa issuerKey,
        (DateTimeOffset From, DateTimeOffset Until) period,
        byte[] serial,
        Func<byte[], CancellationToken, Task<byte[]>> signAsync,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(signAsync);
        ArgumentNullException.ThrowIfNull(issuerKey);
        Generator learning = new(new PublicKey(issuerKey), signature: null);
        using (request.Create(issuer, learning, period.From, period.Until, serial))
        {
        }

        var toSign = learning.Asked ?? throw new CryptographicException("Nothing was to be signed.");
        var signature = await signAsync(SHA256.HashData(toSign), cancellationToken);
        if (!issuerKey.VerifyData(toSign, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            throw new CryptographicException("The signature is not by the key of the one who is to sign. Was the key changed after its certificate was made?");
        }

        Generator signing = new(new PublicKey(issuerKey), EcdsaSignature.ToDer(signature));
        var certificate = request.Create(issuer, signing, period.From, period.Until, serial);
        return toSign.AsSpan().SequenceEqual(signing.Asked)
            ? certificate
            : throw new CryptographicException("The certificate was not the same the second time.");
    }

    /// <summary>A serial number at random: 16 bytes, positive.</summary>
    public static byte[] DrawSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        // Neither negative nor with leading zeros.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    private sealed class Generator(PublicKey key, byte[]? signature) : X509SignatureGenerator
    {
        private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

        /// <summary>Stands where the signature will: nobody reads it.</summary>
        private static readonly byte[] None = EcdsaSignature.ToDer([.. Enumerable.Repeat((byte)1, 64)]);

        internal byte[]? Asked { get; private set; }

        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
        {
            AsnWriter writer = new(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(EcdsaWithSha256);
            }

            return writer.Encode();
        }

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
        {
            Asked = data;
            return signature ?? None;
        }

        protected override PublicKey BuildPublicKey() => key;
    }
}
