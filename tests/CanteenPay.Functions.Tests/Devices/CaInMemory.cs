using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CanteenPay.Functions.Devices.Certificates;

namespace CanteenPay.Functions.Tests.Devices;

/// <summary>A device CA whose key is here.</summary>
internal static class CaInMemory
{
    private static readonly ECDsa Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Its certificate.</summary>
    public static X509Certificate2 Certificate { get; } = Make(Key, "CN=Test CA", World.Noon.AddYears(-1), World.Noon.AddYears(9));

    /// <summary>The authority.</summary>
    public static MachineAuthority Authority { get; } = new(Certificate, new FileCaKey(Key));

    /// <summary>A self-signed CA.</summary>
    public static X509Certificate2 Make(ECDsa key, string name, DateTimeOffset from, DateTimeOffset until)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return X509CertificateLoader.LoadCertificate(request.CreateSelfSigned(from, until).RawData);
    }
}
