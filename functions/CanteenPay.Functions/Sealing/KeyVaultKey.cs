using System.Net;
using Azure;
using CanteenPay.Azure.KeyVault;

namespace CanteenPay.Functions.Sealing;

/// <summary>The key-encryption key of a vault (setting <c>Sealing:KeyVaultKey</c>). Earlier versions go on opening what they wrapped.</summary>
internal sealed class KeyVaultKey(KeyClient vault, KeyIdentifier key) : IKeyEncryptionKey
{
    /// <inheritdoc/>
    public string Id => key.ToString();

    /// <inheritdoc/>
    public async Task<WrappedKey> WrapAsync(byte[] dataKey, CancellationToken cancellationToken)
    {
        var wrapped = await vault.GetCryptographyClient(key.Name, key.Version).WrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, dataKey, cancellationToken);
        return new(wrapped.KeyId, wrapped.EncryptedKey);
    }

    /// <inheritdoc/>
    public async Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        // A row decides which key is asked for: never of another vault, which would be sent our token.
        if (!KeyIdentifier.TryCreate(wrapped.KekId, out var wrapper) || wrapper.VaultUri != vault.VaultUri)
            throw new SealException($"The data key was wrapped by '{wrapped.KekId}', which is not a key of {vault.VaultUri}.");
        try
        {
            return (await vault.GetCryptographyClient(wrapper.Name, wrapper.Version)
                .UnwrapKeyAsync(KeyWrapAlgorithm.RsaOaep256, wrapped.Bytes, cancellationToken)).Key;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.BadRequest or (int)HttpStatusCode.NotFound)
        {
            throw new SealException($"The vault does not open a data key that '{wrapped.KekId}' is said to have wrapped: {e.ErrorCode ?? $"{e.Status}"}.", e);
        }
    }
}
