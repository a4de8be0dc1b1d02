using CanteenPay.Functions.Sealing;

namespace CanteenPay.Simulation.Cloud;

/// <summary>Stories have no papers: whoever seals or opens something in one has gone astray.</summary>
internal sealed class NoVault : IKeyEncryptionKey
{
    public string Id => "none";

    public Task<WrappedKey> WrapAsync(byte[] key, CancellationToken cancellationToken) => throw new NotSupportedException("A story seals nothing.");

    public Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken) => throw new NotSupportedException("A story opens nothing.");
}
