using System.Net;
using System.Security.Cryptography;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace CanteenPay.Functions.Sealing;

/// <summary>
/// Each merchant's own data key. The row is read every time, so that a key that was forgotten is forgotten at once everywhere; only its unwrapping is
/// remembered for a while.
/// </summary>
internal sealed class MerchantKeys(TableServiceClient tables, IKeyEncryptionKey keyEncryptionKey, TimeProvider clock) : IDisposable
{
    private const int MostRemembered = 1_000;

    /// <summary>How long an unwrapped key is remembered: the vault bills each call, and takes some thousand in ten seconds.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private readonly TableClient _merchants = tables.GetTableClient("Merchants");
    private readonly MemoryCache _unwrapped = new(Options.Create(new MemoryCacheOptions { SizeLimit = MostRemembered }));

    /// <summary>The merchant's key for sealing; made when there is none. Who asks first at once gets the same one as all others.</summary>
    /// <remarks>Ask for merchants and applications that exist: a key is made for whatever id is given.</remarks>
    /// <exception cref="SealException">The stored key does not open.</exception>
    /// <exception cref="RequestFailedException">Storage or the vault refused or was not reached.</exception>
    public async Task<DataKey> OfAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        if (await FindAsync(merchant, cancellationToken) is { } found)
            return found;
        var key = RandomNumberGenerator.GetBytes(SealedBytes.KeyLength);
        var wrapped = await keyEncryptionKey.WrapAsync(key, cancellationToken);
        try
        {
            await _merchants.AddEntityAsync(new DataKeyRow(merchant, wrapped), cancellationToken);
            return new(merchant, key);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return await FindAsync(merchant, cancellationToken)
                ?? throw new SealException($"The key of merchant {merchant} was made and forgotten while it was asked for.");
        }
    }

    /// <summary>The merchant's key for opening; null when there is none, or none any more.</summary>
    /// <exception cref="SealException">The stored key does not open.</exception>
    /// <exception cref="RequestFailedException">Storage or the vault refused or was not reached.</exception>
    public async Task<DataKey?> FindAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        if (await _merchants.GetEntityIfExistsAsync<DataKeyRow>(merchant.Value, DataKeyRow.RowKey, cancellationToken) is not { Wrapped: var wrapped })
            return null;
        var name = $"{merchant}|{wrapped.KekId}|{Convert.ToBase64String(wrapped.Bytes)}";
        if (_unwrapped.TryGetValue(name, out Entry? entry) && clock.GetElapsedTime(entry!.UnwrappedAt) < Remembered)
            return entry.Key;
        var at = clock.GetTimestamp();
        var key = new DataKey(merchant, await keyEncryptionKey.UnwrapAsync(wrapped, cancellationToken));
        _unwrapped.Set(name, new Entry(key, at), new MemoryCacheEntryOptions { Size = 1 });
        return key;
    }

    /// <summary>Deletes the merchant's key: whatever it sealed, wherever copies of that lie, can never be read again.</summary>
    /// <remarks>Unless somebody has a copy of the key's row, as a backup of its table is, and the key-encryption key.</remarks>
    /// <exception cref="RequestFailedException">Storage refused or was not reached.</exception>
    public async Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        try
        {
            await _merchants.DeleteEntityAsync(merchant.Value, DataKeyRow.RowKey, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // It was forgotten before.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _unwrapped.Dispose();

    private sealed record Entry(DataKey Key, long UnwrappedAt);
}
