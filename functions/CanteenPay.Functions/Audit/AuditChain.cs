using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>
/// How entries hang together: each carries the hash of the one before it, the first of a day the one of the last day that had any. So nothing can be taken away,
/// changed, put in between or put elsewhere without the hashes after it being wrong. SHA-256 as upper hexadecimal digits.
/// </summary>
internal static class AuditChain
{
    /// <summary>What the first entry of a day hangs on.</summary>
    /// <param name="day">The day.</param>
    /// <param name="lastHash">The last hash of the last day that had any; empty when there was none.</param>
    public static string First(DateOnly day, string lastHash) => Hash([$"canteenpay audit 1|{BusinessDay.Key(day)}|{lastHash}"]);

    /// <summary>An entry's hash: of everything that it says, and of the hash before it.</summary>
    public static string Next(string previous, DateOnly day, long seq, AuditEntry entry) => Hash(
    [
        previous, BusinessDay.Key(day), seq.ToString(CultureInfo.InvariantCulture), entry.Request, entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
        entry.Kind.ToString(), entry.Who, entry.Name, entry.Roles, entry.What, entry.Subject, entry.From, entry.Body,
        entry.Status?.ToString(CultureInfo.InvariantCulture), entry.Before, entry.After,
    ]);

    /// <summary>Each field after its length, so that no text can move from one field to its neighbour; absent is not empty.</summary>
    private static string Hash(IEnumerable<string?> fields)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var field in fields)
        {
            var bytes = field is null ? null : Encoding.UTF8.GetBytes(field);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
            sha.AppendData(length);
            sha.AppendData(bytes ?? []);
        }

        return Convert.ToHexString(sha.GetHashAndReset());
    }
}
