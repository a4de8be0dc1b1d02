using System.Security.Cryptography;
using System.Text;
using CanteenPay.Functions.Operations;

namespace CanteenPay.Functions.Sealing;

/// <summary>A key-encryption key in a file of this machine, for development: made when it is missing, readable by its owner only.</summary>
internal sealed class LocalKeyFile : IKeyEncryptionKey
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _key;

    private LocalKeyFile(byte[] key)
    {
        _key = key;
        Id = $"file:{Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8))}";
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <summary>Reads the file, or makes it. Processes that start at once agree on one key.</summary>
    /// <exception cref="SettingException">The file is not a key, others may read it, or it cannot be made.</exception>
    public static LocalKeyFile Open(string path)
    {
        try
        {
            if (!File.Exists(path))
                Make(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
                throw new SettingException($"The key file {path} (setting Sealing:KeyFile) may be read by others: chmod 600 it, or seal with a new one.");
            var key = Convert.FromBase64String(File.ReadAllText(path));
            return key.Length == SealedBytes.KeyLength ? new(key) : throw NoKey(path);
        }
        catch (FormatException)
        {
            throw NoKey(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The key file {path} (setting Sealing:KeyFile) can neither be read nor made: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public Task<WrappedKey> WrapAsync(byte[] key, CancellationToken cancellationToken) =>
        Task.FromResult(new WrappedKey(Id, SealedBytes.Seal(_key, key, Belonging())));

    /// <inheritdoc/>
    public Task<byte[]> UnwrapAsync(WrappedKey wrapped, CancellationToken cancellationToken)
    {
        if (wrapped.KekId != Id)
            throw new SealException($"The data key was wrapped by {wrapped.KekId}; the key file of now is {Id}. Was the file lost and made anew?");
        try
        {
            return Task.FromResult(SealedBytes.Open(_key, wrapped.Bytes, Belonging()));
        }
        catch (CryptographicException e)
        {
            throw new SealException($"The wrapped data key is not what {Id} wrapped.", e);
        }
    }

    private byte[] Belonging() => Encoding.UTF8.GetBytes($"canteenpay key 1|{Id}");

    /// <summary>Written whole beside it and moved where nothing is, so that nobody ever reads half a key or replaces one that is in use.</summary>
    private static void Make(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var made = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(made, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SealedBytes.KeyLength))));
                file.Flush(flushToDisk: true);
            }

            File.Move(made, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it first: that one counts.
        }
        finally
        {
            File.Delete(made);
        }
    }

    private static SettingException NoKey(string path) =>
        new($"The file {path} (setting Sealing:KeyFile) is not a key: {SealedBytes.KeyLength} bytes in base64. Without the right one nothing that was sealed can be read.");
}
