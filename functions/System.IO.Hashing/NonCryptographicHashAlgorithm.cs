namespace System.IO.Hashing;

/// <summary>
/// The official package's base of checksums, with the shape that Azure.Storage.Common was compiled against: it derives its CRC-64 from it.
/// Leaving a member out is found by nobody until it is called.
/// </summary>
public abstract class NonCryptographicHashAlgorithm
{
    private const int ChunkLength = 4096;

    /// <summary>For an algorithm whose results have this length.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    protected NonCryptographicHashAlgorithm(int hashLengthInBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hashLengthInBytes, 1);
        HashLengthInBytes = hashLengthInBytes;
    }

    /// <summary>Bytes of a result.</summary>
    public int HashLengthInBytes { get; }

    /// <summary>Takes more bytes in.</summary>
    public abstract void Append(ReadOnlySpan<byte> source);

    /// <summary>Forgets what was taken in.</summary>
    public abstract void Reset();

    /// <summary>Takes more bytes in.</summary>
    public void Append(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Append(source.AsSpan());
    }

    /// <summary>Takes in what is left of a stream.</summary>
    public void Append(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var chunk = new byte[ChunkLength];
        for (var count = stream.Read(chunk); count > 0; count = stream.Read(chunk))
            Append(chunk.AsSpan(0, count));
    }

    /// <summary>Takes in what is left of a stream.</summary>
    public async Task AppendAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var chunk = new byte[ChunkLength];
        for (var count = await stream.ReadAsync(chunk, cancellationToken); count > 0; count = await stream.ReadAsync(chunk, cancellationToken))
            Append(chunk.AsSpan(0, count));
    }

    /// <summary>The result so far.</summary>
    public byte[] GetCurrentHash()
    {
        var hash = new byte[HashLengthInBytes];
        GetCurrentHashCore(hash);
        return hash;
    }

    /// <summary>The result so far, if there is room for it.</summary>
    public bool TryGetCurrentHash(Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = destination.Length < HashLengthInBytes ? 0 : HashLengthInBytes;
        if (bytesWritten > 0)
            GetCurrentHashCore(destination[..HashLengthInBytes]);
        return bytesWritten > 0;
    }

    /// <summary>The result so far.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    public int GetCurrentHash(Span<byte> destination) => TryGetCurrentHash(destination, out var written) ? written : throw NoRoom(destination);

    /// <summary>The result, to begin anew after it.</summary>
    public byte[] GetHashAndReset()
    {
        var hash = new byte[HashLengthInBytes];
        GetHashAndResetCore(hash);
        return hash;
    }

    /// <summary>The result, if there is room for it, to begin anew after it.</summary>
    public bool TryGetHashAndReset(Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = destination.Length < HashLengthInBytes ? 0 : HashLengthInBytes;
        if (bytesWritten > 0)
            GetHashAndResetCore(destination[..HashLengthInBytes]);
        return bytesWritten > 0;
    }

    /// <summary>The result, to begin anew after it.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">There is no room for it.</exception>
    public int GetHashAndReset(Span<byte> destination) => TryGetHashAndReset(destination, out var written) ? written : throw NoRoom(destination);

    /// <summary>Writes the result so far.</summary>
    protected abstract void GetCurrentHashCore(Span<byte> destination);

    /// <summary>Writes the result and begins anew.</summary>
    protected virtual void GetHashAndResetCore(Span<byte> destination)
    {
        GetCurrentHashCore(destination);
        Reset();
    }

    private ArgumentException NoRoom(ReadOnlySpan<byte> destination) =>
        new($"The result has {HashLengthInBytes} bytes, and there is room for {destination.Length}.", nameof(destination));
}
