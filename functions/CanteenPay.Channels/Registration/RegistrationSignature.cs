using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.Channels.Registration;

/// <summary>HMAC-SHA256 over texts with bars between them, in upper-case hex.</summary>
internal static class RegistrationSignature
{
    public static string Of(string key, params ReadOnlySpan<string> parts) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Join('|', parts))));

    public static bool Fits(string signature, string key, params ReadOnlySpan<string> parts) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Of(key, parts)));
}
