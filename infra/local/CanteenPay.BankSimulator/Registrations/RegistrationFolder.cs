using System.Text.Json;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>Registrations on disk: a file for each, and one for each picture. For the owner's eyes only, because what a bank has to know is in them as it is.</summary>
internal sealed class RegistrationFolder : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _path;
    private readonly bool _endsWithTheBank;

    public RegistrationFolder(BankSettings settings)
    {
        _endsWithTheBank = settings.Registration?.Folder is null;
        _path = settings.Registration?.Folder ?? Directory.CreateTempSubdirectory("bank-").FullName;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_path);
        else
            Directory.CreateDirectory(_path, Private | UnixFileMode.UserExecute);
    }

    /// <summary>All that an earlier bank kept.</summary>
    public IReadOnlyList<Registration> Read() =>
    [
        .. Directory.EnumerateFiles(_path, "*.json")
            .Select(file => JsonSerializer.Deserialize(File.ReadAllBytes(file), RegistrationJson.Readable.Registration)!)
            .OrderBy(r => r.At),
    ];

    public void Write(Registration registration) =>
        Write($"{registration.OutMchntId}.json", JsonSerializer.SerializeToUtf8Bytes(registration, RegistrationJson.Readable.Registration));

    public void WritePicture(string outMchntId, string kind, ReadOnlySpan<byte> picture) => Write($"{outMchntId}.{kind}", picture);

    public byte[] ReadPicture(string outMchntId, string kind) => File.ReadAllBytes(Path.Combine(_path, $"{outMchntId}.{kind}"));

    public void Dispose()
    {
        if (_endsWithTheBank)
            Directory.Delete(_path, recursive: true);
    }

    /// <summary>Moved into place: a bank that is killed leaves no half of a file.</summary>
    private void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var draft = Path.Combine(_path, name + ".draft");
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        using (var stream = new FileStream(draft, options))
            stream.Write(bytes);
        File.Move(draft, Path.Combine(_path, name), overwrite: true);
    }
}
