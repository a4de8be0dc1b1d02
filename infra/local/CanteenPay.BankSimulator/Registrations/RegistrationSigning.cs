using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CanteenPay.BankSimulator.Registrations;

/// <summary>HMAC-SHA256 over texts joined by bars, written apart from the adapter's on purpose.</summary>
internal static class RegistrationSigning
{
    /// <summary>In upper-case hex.</summary>
    public static string Sign(string key, params ReadOnlySpan<string> parts) =>
        Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Join('|', parts))));

    /// <summary>Whether a platform signed this request.</summary>
    public static bool IsSigned(string key, RegistrationRequest request) =>
        IsSame(Sign(key, request.PlatformId, request.TxnSeq, request.Timestamp.ToString(CultureInfo.InvariantCulture), request.Body), request.Sign);

    /// <summary>In a time that tells nothing.</summary>
    public static bool IsSame(string right, string given) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(given));
}
