using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.DeviceAgent.Terminal;

namespace CanteenPay.DeviceAgent.Settings;

/// <summary>
/// The manager's PIN as the settings hold it: <c>pbkdf2-sha256.{iterations}.{salt}.{hash}</c>, the last two in base64. A PIN of so few digits is guarded by the
/// lock after five wrong tries; the hash only keeps it from being read over somebody's shoulder.
/// </summary>
internal sealed class ManagerPin
{
    /// <summary>Iterations of a new hash: a tenth of a second on a small machine, which its till stands still for.</summary>
    public const int Iterations = 100_000;

    private const string Scheme = "pbkdf2-sha256";
    private const int MinIterations = 1_000;
    private const int MaxIterations = 1_000_000;
    private const int SaltLength = 16;
    private const int HashLength = 32;

    private readonly int iterations;
    private readonly byte[] salt;
    private readonly byte[] hash;

    private ManagerPin(int iterations, byte[] salt, byte[] hash) => (this.iterations, this.salt, this.hash) = (iterations, salt, hash);

    /// <summary>Whether this text is a PIN: 4 to 8 digits.</summary>
    public static bool IsPin(ReadOnlySpan<char> text) =>
        text.Length is >= Pin.MinLength and <= Pin.MaxLength && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>A new hash of a PIN.</summary>
    /// <exception cref="ArgumentException">Not 4 to 8 digits.</exception>
    public static ManagerPin Of(ReadOnlySpan<char> pin, int iterations = Iterations)
    {
        if (!IsPin(pin))
            throw new ArgumentException($"A PIN has {Pin.MinLength} to {Pin.MaxLength} digits.", nameof(pin));
        var random = RandomNumberGenerator.GetBytes(SaltLength);
        return new(iterations, random, Hash(pin, random, iterations));
    }

    /// <summary>Reads a hash; false when it is none.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ManagerPin? pin)
    {
        pin = null;
        var (saltBytes, hashBytes) = (new byte[SaltLength], new byte[HashLength]);
        if (text.Split('.') is not [Scheme, var count, var saltText, var hashText]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < MinIterations or > MaxIterations
            || !Convert.TryFromBase64String(saltText, saltBytes, out var saltLength) || saltLength != SaltLength
            || !Convert.TryFromBase64String(hashText, hashBytes, out var hashLength) || hashLength != HashLength)
        {
            return false;
        }

        pin = new(rounds, saltBytes, hashBytes);
        return true;
    }

    /// <summary>Whether this is the PIN; takes as long for a wrong one as for the right one.</summary>
    public bool Matches(ReadOnlySpan<char> pin) => CryptographicOperations.FixedTimeEquals(Hash(pin, salt, iterations), hash);

    /// <summary>The text for the settings.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Scheme}.{iterations}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(hash)}");

    private static byte[] Hash(ReadOnlySpan<char> pin, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(pin.ToArray()), salt, iterations, HashAlgorithmName.SHA256, HashLength);
}
