using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CanteenPay.DeviceAgent.Enrolment;

/// <summary>
/// Key and certificate of the machine in one PEM file (0600), so that one rename changes both: whoever is killed on the way leaves the pair before or the one after.
/// </summary>
internal sealed class IdentityFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the file is.</summary>
    public string Path => path;

    /// <summary>A key that has no certificate yet: asked with again when the answer got lost, because a code is good for one key.</summary>
    private string DraftKey => $"{path}.key";

    /// <summary>The certificate that is there; null when there is none that can be read.</summary>
    public X509Certificate2? Current()
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(path, path);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The key that is to be certified: the one that was drafted before, or a new one.</summary>
    public ECDsa Draft()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(DraftKey))
        {
            try
            {
                key.ImportFromPem(File.ReadAllText(DraftKey));
                return key;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Half of one.
                key.Dispose();
                key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            }
        }

        Write(DraftKey, key.ExportPkcs8PrivateKeyPem());
        return key;
    }

    /// <summary>Puts the drafted key with its certificate in the place of what was there.</summary>
    public void Keep(ECDsa key, string certificate)
    {
        Write(path, $"{certificate.Trim()}\n{key.ExportPkcs8PrivateKeyPem()}");
        File.Delete(DraftKey);
    }

    /// <summary>Readable by its owner only from its first byte on, on the disk before it has its name.</summary>
    private static void Write(string file, string text)
    {
        var draft = $"{file}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes($"{text}\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
    }
}
