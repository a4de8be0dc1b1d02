using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using CanteenPay.Azure.KeyVault;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>
/// Which CA signs machines' certificates: <c>DeviceCa:Certificate</c> (base64 of its PEM) with <c>DeviceCa:KeyVaultKey</c>, or in Development <c>DeviceCa:CertificateFile</c>
/// with <c>DeviceCa:KeyFile</c>. Without any of them no certificates are issued. <c>DeviceCa:FormerCertificate</c> (base64 of its PEM) is the CA before it, while machines
/// have certificates of that one: by these they may renew.
/// </summary>
internal static class DeviceCaSettings
{
    /// <summary>The authority that the settings name.</summary>
    /// <exception cref="SettingException">A setting is wrong, or half of them is missing.</exception>
    public static MachineAuthority Read(IConfiguration configuration, IHostEnvironment environment, Lazy<TokenCredential> identity)
    {
        var (certificate, key) = (configuration["DeviceCa:Certificate"], configuration["DeviceCa:KeyVaultKey"]);
        var (certificateFile, keyFile) = (configuration["DeviceCa:CertificateFile"], configuration["DeviceCa:KeyFile"]);
        if (!string.IsNullOrEmpty(certificateFile) || !string.IsNullOrEmpty(keyFile))
        {
            return environment.IsDevelopment()
                ? OfFiles(Settings.Text(configuration, "DeviceCa:CertificateFile"), Settings.Text(configuration, "DeviceCa:KeyFile"))
                : throw new SettingException("The settings DeviceCa:CertificateFile and DeviceCa:KeyFile are for Development only: elsewhere the key stays in a vault (DeviceCa:KeyVaultKey).");
        }

        if (string.IsNullOrEmpty(certificate) && string.IsNullOrEmpty(key))
            return MachineAuthority.None;
        var authority = Certificate("DeviceCa:Certificate", Settings.Text(configuration, "DeviceCa:Certificate"));
        var former = configuration["DeviceCa:FormerCertificate"] is { Length: > 0 } before ? Certificate("DeviceCa:FormerCertificate", before) : null;
        if (!KeyIdentifier.TryCreate(Settings.Text(configuration, "DeviceCa:KeyVaultKey"), out var name) || name.VaultUri.Scheme != Uri.UriSchemeHttps)
            throw new SettingException($"The setting DeviceCa:KeyVaultKey is '{key}', which is not a key's identifier such as https://contoso.vault.azure.net/keys/device-ca.");
        return new(authority, new VaultCaKey(new KeyClient(name.VaultUri, identity.Value).GetCryptographyClient(name.Name, name.Version)), former);
    }

    private static X509Certificate2 Certificate(string setting, string base64)
    {
        try
        {
            return Checked(X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(base64))));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw new SettingException($"The setting {setting} is not base64 of a device CA's certificate as infra/device-ca.sh makes it: {e.Message}");
        }
    }

    private static MachineAuthority OfFiles(string certificateFile, string keyFile)
    {
        try
        {
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(keyFile));
            return new(Checked(X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile))), new FileCaKey(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new SettingException($"The settings DeviceCa:CertificateFile and DeviceCa:KeyFile name no CA on P-256: {e.Message}");
        }
    }

    /// <exception cref="CryptographicException">It signs no certificates, or not by a key on P-256.</exception>
    private static X509Certificate2 Checked(X509Certificate2 certificate) =>
        SigningRequest.IsP256(certificate.PublicKey) && certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority)
            ? certificate
            : throw new CryptographicException($"{certificate.Subject} is no certificate authority with a key on P-256.");
}
