using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure;
using CanteenPay.Azure.Certificates;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>The device CA: what it signs is what the broker knows machines by (<c>SubjectMatchesAuthenticationName</c>: the common name is the machine's id).</summary>
internal sealed class MachineAuthority
{
    /// <summary>How long a machine's certificate is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>How long before its end a certificate may be renewed.</summary>
    public static readonly TimeSpan RenewalWindow = TimeSpan.FromDays(90);

    /// <summary>For machines whose clock is behind.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2? _former;
    private readonly ICaKey? _key;

    /// <summary>With a certificate and its key.</summary>
    /// <param name="certificate">The authority that signs.</param>
    /// <param name="key">Its key.</param>
    /// <param name="former">The one that signed before, whose machines may still renew; null for none.</param>
    public MachineAuthority(X509Certificate2 certificate, ICaKey key, X509Certificate2? former = null) => (_certificate, _key, _former) = (certificate, key, former);

    private MachineAuthority()
    {
    }

    /// <summary>No authority: nothing is issued.</summary>
    public static MachineAuthority None { get; } = new();

    /// <summary>Whether it can issue anything at a time.</summary>
    public bool CanIssue(DateTimeOffset now) => _certificate is not null && FromOf(_certificate) <= now && now < EndOf(_certificate);

    /// <summary>Signs a machine's key.</summary>
    /// <exception cref="RequestFailedException">The vault refused, or was not reached.</exception>
    /// <exception cref="CryptographicException">The vault's key is not the certificate's.</exception>
    public async Task<X509Certificate2> IssueAsync(DeviceId device, PublicKey key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!CanIssue(now))
            throw new InvalidOperationException("There is no device CA, or its certificate has ended.");
        var request = new CertificateRequest(new X500DistinguishedName($"CN={device}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        if (_certificate!.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } authority)
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(authority));
        using var issuerKey = _certificate.GetECDsaPublicKey()!;
        // Not beyond the authority's own life.
        var from = Later(now - Before, FromOf(_certificate));
        var until = now + Life < EndOf(_certificate) ? now + Life : EndOf(_certificate);
        return await SignedElsewhere.CreateAsync(
            request, _certificate.SubjectName, issuerKey, (from, until), SignedElsewhere.DrawSerial(), _key!.SignAsync, cancellationToken);
    }

    /// <summary>The certificate of a machine, if it was signed here or by the former authority, is good at a time, and names this machine; else null.</summary>
    public X509Certificate2? Read(string? pem, DeviceId device, DateTimeOffset now)
    {
        const int maxPem = 4 * 1024;
        if (_certificate is null || pem is not { Length: > 0 and <= maxPem })
            return null;
        X509Certificate2? certificate = null;
        try
        {
            certificate = X509Certificate2.CreateFromPem(pem);
            using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
            chain.ChainPolicy.CustomTrustStore.Add(_certificate);
            if (_former is not null)
                chain.ChainPolicy.CustomTrustStore.Add(_former);
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.VerificationTime = now.UtcDateTime;
            chain.ChainPolicy.VerificationTimeIgnored = false;
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
            var isOurs = SigningRequest.IsP256(certificate.PublicKey) && certificate.Subject == $"CN={device}" && chain.Build(certificate);
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
            if (isOurs)
                return certificate;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // It is no certificate: the same answer as to one of somebody else's.
        }

        certificate?.Dispose();
        return null;
    }

    /// <summary>When a certificate ends.</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) => new(certificate.NotAfter);

    private static DateTimeOffset FromOf(X509Certificate2 certificate) => new(certificate.NotBefore);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
