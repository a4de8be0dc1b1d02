using System.Security.Cryptography;
using Azure;
using CanteenPay.Azure.KeyVault;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>The key of the device CA, wherever it is.</summary>
internal interface ICaKey
{
    /// <summary>Signs a SHA-256 digest: r‖s.</summary>
    /// <exception cref="RequestFailedException">The vault refused, or was not reached.</exception>
    Task<byte[]> SignAsync(byte[] digest, CancellationToken cancellationToken);
}

/// <summary>In a vault, which it never leaves.</summary>
internal sealed class VaultCaKey(CryptographyClient key) : ICaKey
{
    /// <inheritdoc/>
    public async Task<byte[]> SignAsync(byte[] digest, CancellationToken cancellationToken) => (await key.SignEs256Async(digest, cancellationToken)).Signature;
}

/// <summary>In a file of this machine, for development.</summary>
internal sealed class FileCaKey(ECDsa key) : ICaKey
{
    /// <inheritdoc/>
    public Task<byte[]> SignAsync(byte[] digest, CancellationToken cancellationToken) =>
        Task.FromResult(key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
}
