using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanteenPay.LocalCloud.Certificates;

/// <summary>The authority, the broker's, the operator's and the machines' certificates (ECDSA P-256, PEM, mode 0600), each made once.</summary>
internal sealed class CertificateFolder(string folder, TimeProvider time)
{
    /// <summary>Common name of the client that LocalCloud itself uses.</summary>
    internal const string OperatorName = "localcloud";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    internal string CaFile => Path.Combine(folder, "ca.pem");

    internal PemPair Broker => Pair("broker");

    internal PemPair Operator => Pair("operator");

    internal PemPair Device(string id) => Pair(Path.Combine("devices", id));

    /// <summary>Makes what is missing. Without the authority's files everything is made anew.</summary>
    internal void Ensure(IEnumerable<string> deviceIds)
    {
        Directory.CreateDirectory(Path.Combine(folder, "devices"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var ca = Pair("ca");
        var renew = !ca.Exists;
        if (renew)
        {
            MakeAuthority(ca);
        }

        using var authority = X509Certificate2.CreateFromPemFile(ca.CertificateFile, ca.KeyFile);
        EnsureSigned(authority, Broker, "localhost", renew, serves: true);
        EnsureSigned(authority, Operator, OperatorName, renew, serves: false);
        foreach (var id in deviceIds)
        {
            EnsureSigned(authority, Device(id), id, renew, serves: false);
        }
    }

    private PemPair Pair(string name) => new(Path.Combine(folder, $"{name}.pem"), Path.Combine(folder, $"{name}.key"));

    private void MakeAuthority(PemPair files)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=LocalCloud CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        // A day back, for machines whose clock is behind.
        var from = time.GetUtcNow().AddDays(-1);
        using var certificate = request.CreateSelfSigned(from, from + Lifetime);
        Write(files, certificate, key);
    }

    private static void EnsureSigned(X509Certificate2 authority, PemPair files, string commonName, bool renew, bool serves)
    {
        if (files.Exists && !renew)
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        const string serverAuthentication = "1.3.6.1.5.5.7.3.1", clientAuthentication = "1.3.6.1.5.5.7.3.2";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(serves ? serverAuthentication : clientAuthentication)], critical: false));
        if (serves)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(
            authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(16));
        Write(files, certificate, key);
    }

    /// <summary>The key first: a pair counts as made only when the certificate is there.</summary>
    private static void Write(PemPair files, X509Certificate2 certificate, ECDsa key)
    {
        WritePrivate(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        WritePrivate(files.CertificateFile, certificate.ExportCertificatePem());
    }

    private static void WritePrivate(string file, string text)
    {
        var draft = $"{file}.new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new StreamWriter(stream))
        {
            writer.WriteLine(text);
        }

        File.Move(draft, file, overwrite: true);
    }
}

/// <summary>A certificate and its private key as PEM files.</summary>
internal sealed record PemPair(string CertificateFile, string KeyFile)
{
    internal bool Exists => File.Exists(CertificateFile) && File.Exists(KeyFile);
}
