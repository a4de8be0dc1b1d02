using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>What a page was promised: the persona, and to whom the code is good.</summary>
internal sealed record Promise(Persona Persona, string RedirectUri, string Challenge, string? Nonce, bool WantsIdentity, DateTimeOffset Until);

/// <summary>Codes that wait to be turned into tokens. Each is good once, for a minute.</summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int MaxWaiting = 1000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Promise> _waiting = new(StringComparer.Ordinal);

    /// <summary>A new code; null when too many wait.</summary>
    internal string? Draw(Persona persona, string redirectUri, string challenge, string? nonce, bool wantsIdentity)
    {
        var (now, code) = (time.GetUtcNow(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        lock (_gate)
        {
            foreach (var old in _waiting.Where(p => p.Value.Until <= now).Select(p => p.Key).ToList())
            {
                _waiting.Remove(old);
            }

            return _waiting.Count < MaxWaiting && _waiting.TryAdd(code, new(persona, redirectUri, challenge, nonce, wantsIdentity, now + Lifetime)) ? code : null;
        }
    }

    /// <summary>What the code was good for; null when it is unknown, used, too old, or another's who cannot show what the challenge was made of.</summary>
    internal Promise? Take(string code, string redirectUri, string verifier)
    {
        Promise? promise;
        lock (_gate)
        {
            // A wrong try uses it up, too: whoever guesses has one guess.
            if (!_waiting.Remove(code, out promise))
            {
                return null;
            }
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return promise.Until > time.GetUtcNow()
            && string.Equals(promise.RedirectUri, redirectUri, StringComparison.Ordinal)
            && string.Equals(promise.Challenge, challenge, StringComparison.Ordinal)
            ? promise
            : null;
    }
}
