namespace CanteenPay.Functions.Settlement.Exports.Files;

/// <summary>
/// A file on the local disk, gone with its process, however that ends. What is exported is written here first: its sum is known before anything is sent, what does not agree is thrown away
/// unseen, and writers that write in small pieces never wait for the network.
/// </summary>
internal sealed class DraftFile : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly FileStream _file;

    private DraftFile(FileStream file, string sha256) => (_file, Sha256) = (file, sha256);

    /// <summary>Its sum, as lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Writes one.</summary>
    public static async Task<DraftFile> WriteAsync(Func<Stream, Task> writeAsync, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"canteenpay-{Guid.NewGuid():N}");
        // Windows deletes it when its last handle goes; on Unix the option would be an act of ours at the end, which a killed process does not come to.
        var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        try
        {
            // It has no name from here on, and is there as long as it is open.
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            await using var hashing = new HashingStream(file);
            await writeAsync(hashing);
            await file.FlushAsync(cancellationToken);
            return new(file, hashing.Sha256);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its bytes, from the beginning; stays open with the file.</summary>
    public Stream Read()
    {
        _file.Position = 0;
        return _file;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
