using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>
/// Gives machines their certificates: the first for a code that an operator drew, later ones for the one that the machine has. Never for a blocked machine, never for
/// another one.
/// </summary>
internal sealed class MachineCertificates(TableServiceClient tables, MachineAuthority authority, TimeProvider clock, ILogger<MachineCertificates> logger)
{
    private readonly TableClient _devices = tables.GetTableClient("Devices");

    /// <summary>Whether there is a CA to sign.</summary>
    public bool CanIssue => authority.CanIssue(clock.GetUtcNow());

    /// <summary>Draws a code for a machine; the one before is good for nothing from then on. Null for a machine that is not enrolled or is blocked.</summary>
    public async Task<CodeView?> DrawCodeAsync(DeviceId device, CancellationToken cancellationToken)
    {
        if (!await MayHaveAsync(device, cancellationToken))
            return null;
        var code = Crockford.Random(EnrolmentCode.Length);
        var row = new EnrolmentCode(device, EnrolmentCode.HashOf(code), clock.GetUtcNow() + EnrolmentCode.Life);
        await _devices.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
        return new(device, code, row.ExpiresAt);
    }

    /// <summary>A first certificate; null when the code is not good for this machine and key.</summary>
    /// <exception cref="RequestFailedException">The vault refused, or was not reached.</exception>
    public async Task<X509Certificate2?> IssueByCodeAsync(DeviceId device, string code, SigningRequest request, CancellationToken cancellationToken)
    {
        if (!await MayHaveAsync(device, cancellationToken) || !await TryUseAsync(device, code, request.KeyHash, cancellationToken))
        {
            MerchantLog.CertificateRefused(logger, device.Value, "code");
            return null;
        }

        return await IssueAsync(device, request, "code", cancellationToken);
    }

    /// <summary>The next certificate, for one that is still good and whose key signed the request; null when it is not so.</summary>
    /// <exception cref="RequestFailedException">The vault refused, or was not reached.</exception>
    public async Task<X509Certificate2?> RenewAsync(DeviceId device, string current, byte[] signature, SigningRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        using var certificate = authority.Read(current, device, now);
        if (certificate is null || MachineAuthority.EndOf(certificate) > now + MachineAuthority.RenewalWindow
            || !IsSignedBy(certificate, request.RenewalText(device.Value), signature) || !await MayHaveAsync(device, cancellationToken))
        {
            MerchantLog.CertificateRefused(logger, device.Value, "renewal");
            return null;
        }

        return await IssueAsync(device, request, "renewal", cancellationToken);
    }

    private async Task<X509Certificate2> IssueAsync(DeviceId device, SigningRequest request, string way, CancellationToken cancellationToken)
    {
        var certificate = await authority.IssueAsync(device, request.Key, clock.GetUtcNow(), cancellationToken);
        MerchantLog.CertificateIssued(logger, device.Value, certificate.SerialNumber, certificate.NotAfter.ToUniversalTime(), way);
        return certificate;
    }

    /// <summary>As the registry has it now: what is remembered of a machine may be from before it was blocked.</summary>
    private async Task<bool> MayHaveAsync(DeviceId device, CancellationToken cancellationToken) =>
        await _devices.GetEntityIfExistsAsync<DeviceProfile>(device.Value, DeviceRegistry.ProfileRow, cancellationToken) is { IsActive: true };

    /// <summary>A code is good for one key: noted before anything is signed, so that of two who hold it one gets a certificate.</summary>
    private async Task<bool> TryUseAsync(DeviceId device, string code, string key, CancellationToken cancellationToken)
    {
        // The second time, when another use came between.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await _devices.GetEntityIfExistsAsync<EnrolmentCode>(device.Value, EnrolmentCode.Row, cancellationToken) is not { } row
                || !row.IsGood(code, key, clock.GetUtcNow()))
            {
                return false;
            }

            if (row.UsedFor is not null)
                return true;
            try
            {
                await _devices.UpdateEntityAsync(row with { UsedFor = key }, row.Version, TableUpdateMode.Replace, cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
            {
                // Read again.
            }
        }

        return false;
    }

    private static bool IsSignedBy(X509Certificate2 certificate, byte[] text, byte[] signature)
    {
        using var key = certificate.GetECDsaPublicKey()!;
        try
        {
            return key.VerifyData(text, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

/// <summary>A code as it is shown, once.</summary>
internal sealed record CodeView(DeviceId DeviceId, string Code, DateTimeOffset ExpiresAt);
