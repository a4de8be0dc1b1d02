namespace CanteenPay.Functions.Sealing;

/// <summary>The key that wraps the merchants' data keys, wherever it is kept. It never leaves there.</summary>
internal interface IKeyEncryptionKey
{
    /// <summary>Which key wraps now, for the logs.</summary>
    string Id { get; }

    /// <summary>Wraps a data key.</summary>
    /// <param name="key">The data key in the clear.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="global::Azure.RequestFailedException">The vault refused or was not reached.</exception>
    Task<WrappedKey> WrapAsync(byte[] key, CancellationToken cancellationToken);

    /// <summary>Opens a wrapped data key, also of an earlier version of the key.</summary>
    /// <exception cref="SealException">It was wrapped by another key, or is not what was wrapped.</exception>
    /// <exception cref="global::Azure.RequestFailedException">The vault refused or was not reached.</exception>
    Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken);
}

/// <summary>A data key as it is stored.</summary>
/// <param name="KekId">The key, with its version where it has versions, that opens it.</param>
/// <param name="Bytes">The data key, wrapped.</param>
internal sealed record WrappedKey(string KekId, byte[] Bytes);
