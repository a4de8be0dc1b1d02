using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Identity;
using CanteenPay.Azure.Certificates;
using CanteenPay.Azure.KeyVault;

// Makes the certificate of the device CA; infra/device-ca.sh calls it and says what the arguments are.
const int failed = 1, wrongArguments = 2;
const int daysOfAYear = 365;

if (args is not [var vault, var key, var name, var years, var file]
    || !Uri.TryCreate(vault, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps
    || !int.TryParse(years, NumberStyles.None, CultureInfo.InvariantCulture, out var life) || life is < 1 or > 20)
{
    await Console.Error.WriteLineAsync("Usage: CanteenPay.DeviceCa https://VAULT.vault.azure.net KEY \"COMMON NAME\" YEARS(1-20) FILE");
    return wrongArguments;
}

try
{
    // A machine whose clock is behind must not find it from tomorrow.
    var from = TimeProvider.System.GetUtcNow().AddDays(-1);
    var (certificate, keyId) = await DeviceAuthority.CreateAsync(
        new KeyClient(address, new DefaultAzureCredential()), key, name, from, TimeSpan.FromDays(life * daysOfAYear), CancellationToken.None);
    using (certificate)
    {
        // Never over another: machines go by the one that is there.
        await using FileStream stream = new(file, FileMode.CreateNew, FileAccess.Write);
        await using StreamWriter writer = new(stream);
        await writer.WriteLineAsync(certificate.ExportCertificatePem());
        await Console.Out.WriteLineAsync($"{keyId} {certificate.NotAfter.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}");
    }

    return 0;
}
catch (Exception e) when (e is RequestFailedException or AuthenticationFailedException or CryptographicException or ArgumentException or IOException)
{
    await Console.Error.WriteLineAsync($"The certificate of the device CA was not made: {e.Message}");
    return failed;
}
