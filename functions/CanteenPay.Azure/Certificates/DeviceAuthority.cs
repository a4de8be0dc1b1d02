using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure;
using CanteenPay.Azure.KeyVault;

namespace CanteenPay.Azure.Certificates;

/// <summary>The authority that signs machines' certificates: a self-signed certificate whose key is in a vault.</summary>
public static class DeviceAuthority
{
    /// <summary>The longest that it may live: about as long as machines do.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(20 * 366);

    /// <summary>Makes the certificate, and the key if the vault has none of that name.</summary>
    /// <param name="vault">The vault.</param>
    /// <param name="keyName">The key.</param>
    /// <param name="commonName">What the authority is called: 1–64 letters, digits, blanks and dashes.</param>
    /// <param name="from">From when on it is good.</param>
    /// <param name="life">For how long.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The certificate, and the version of the key that signed it.</returns>
    /// <exception cref="ArgumentException">A name or life that it cannot have.</exception>
    /// <exception cref="RequestFailedException">The vault refused, or was not reached.</exception>
    /// <exception cref="CryptographicException">The vault signed by another key.</exception>
    public static async Task<(X509Certificate2 Certificate, string KeyId)> CreateAsync(
        KeyClient vault, string keyName, string commonName, DateTimeOffset from, TimeSpan life, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vault);
        if (commonName is not { Length: > 0 and <= 64 } || !commonName.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-'))
        {
            throw new ArgumentException($"'{commonName}' is no name of an authority: 1–64 letters, digits, blanks and dashes.", nameof(commonName));
        }

        if (life <= TimeSpan.Zero || life > LongestLife)
        {
            throw new ArgumentException($"An authority lives for at most {LongestLife.TotalDays:0} days, and some: not {life.TotalDays:0}.", nameof(life));
        }

        var key = await vault.GetEcKeyIfExistsAsync(keyName, cancellationToken: cancellationToken) ?? await vault.CreateEcKeyAsync(keyName, cancellationToken);
        if (!KeyIdentifier.TryCreate(key.Id, out var version) || version.Version is null)
        {
            throw new RequestFailedException(200, $"The vault calls the key '{key.Id}', which is no key's version.");
        }

        using var publicKey = key.ToEcdsa();
        X500DistinguishedName name = new($"CN={commonName}");
        CertificateRequest request = new(name, publicKey, HashAlgorithmName.SHA256);
        // It signs machines and no other authority.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // The version, not the name: between the two calls somebody may make another.
        var signer = vault.GetCryptographyClient(keyName, version.Version);
        var certificate = await SignedElsewhere.CreateAsync(
            request, name, publicKey, (from, from + life), SignedElsewhere.DrawSerial(),
            async (digest, cancellation) => (await signer.SignEs256Async(digest, cancellation)).Signature, cancellationToken);
        return (certificate, key.Id);
    }
}
