using System.Security.Cryptography;
using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Tests.Sealing;

/// <summary>A vault of this process, which counts how often it is asked.</summary>
internal sealed class KeyInMemory(string id = "memory:1") : IKeyEncryptionKey
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(SealedBytes.KeyLength);
    private int _wrapped;
    private int _unwrapped;

    public string Id => id;

    public int Wrapped => _wrapped;

    public int Unwrapped => _unwrapped;

    public async Task<WrappedKey> WrapAsync(byte[] key, CancellationToken cancellationToken)
    {
        // As from a vault, the answer comes later.
        await Task.Yield();
        Interlocked.Increment(ref _wrapped);
        return new(Id, SealedBytes.Seal(_key, key, []));
    }

    public async Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Interlocked.Increment(ref _unwrapped);
        return SealedBytes.Open(_key, wrapped.Bytes, []);
    }
}
