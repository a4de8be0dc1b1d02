using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>
/// The key that signs, and the one before it: what that one signed is still believed until the next roll, as with Entra, where keys overlap.
/// On disk, so that a token outlives a restart.
/// </summary>
internal sealed class SigningKeys : IDisposable
{
    private const int Bits = 2048;
    private readonly Lock _gate = new();
    private readonly string _file;
    private List<SigningKey> _keys;

    internal SigningKeys(string stateFolder)
    {
        _file = Path.Combine(stateFolder, "login-keys.json");
        _keys = File.Exists(_file)
            ? [.. JsonSerializer.Deserialize(File.ReadAllBytes(_file), SigningKeysJson.Default.StringArray)!.Select(SigningKey.FromPem)]
            : [];
        if (_keys.Count == 0)
        {
            Roll();
        }
    }

    /// <summary>The one that signs first.</summary>
    internal IReadOnlyList<SigningKey> Published
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys];
            }
        }
    }

    /// <summary>Makes another key that signs from now on. What the one before the last signed is believed no more.</summary>
    internal void Roll()
    {
        lock (_gate)
        {
            List<SigningKey> next = [SigningKey.Draw(Bits), .. _keys.Take(1)];
            Write(next);
            _keys.Skip(1).ToList().ForEach(k => k.Dispose());
            _keys = next;
        }
    }

    /// <summary>A signed text, with its signature behind a dot.</summary>
    /// <param name="text">Makes the text, given the id of the key that will sign it.</param>
    internal string Signed(Func<string, string> text)
    {
        lock (_gate)
        {
            var what = text(_keys[0].Id);
            var signature = _keys[0].Rsa.SignData(Encoding.ASCII.GetBytes(what), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{what}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _keys.ForEach(k => k.Dispose());
        }
    }

    private void Write(IEnumerable<SigningKey> keys)
    {
        var draft = $"{_file}.new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(stream, [.. keys.Select(k => k.Rsa.ExportPkcs8PrivateKeyPem())], SigningKeysJson.Default.StringArray);
        }

        File.Move(draft, _file, overwrite: true);
    }
}

/// <summary>An RSA key; its id is its thumbprint.</summary>
internal sealed record SigningKey(string Id, RSA Rsa) : IDisposable
{
    internal static SigningKey Draw(int bits) => Of(RSA.Create(bits));

    internal static SigningKey FromPem(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        return Of(rsa);
    }

    public void Dispose() => Rsa.Dispose();

    private static SigningKey Of(RSA rsa) => new(Base64Url.EncodeToString(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo())), rsa);
}

[JsonSerializable(typeof(string[]))]
internal sealed partial class SigningKeysJson : JsonSerializerContext;
