using System.Security.Cryptography;
using System.Text;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Devices.Certificates;

/// <summary>Table <c>Devices</c>, row <c>code</c> of a machine: the code by which it gets its first certificate. Only a hash is kept.</summary>
/// <param name="Device">The machine.</param>
/// <param name="Hash">SHA-256 of the code.</param>
/// <param name="ExpiresAt">From then on it is good for nothing.</param>
/// <param name="UsedFor">The key that it was used for, see <see cref="SigningRequest.KeyHash"/>; null while it was not. It is good for that key again: an answer may get lost.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record EnrolmentCode(DeviceId Device, string Hash, DateTimeOffset ExpiresAt, string? UsedFor = null, ETag Version = default) : ITableEntity<EnrolmentCode>
{
    /// <summary>The row.</summary>
    public const string Row = "code";

    /// <summary>100 bits: guessing is hopeless at any rate.</summary>
    public const int Length = 20;

    /// <summary>How long somebody has to walk to the machine.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(2);

    /// <summary>What is kept of a code.</summary>
    public static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    /// <summary>Whether it is this code, for this key, in time.</summary>
    public bool IsGood(string code, string key, DateTimeOffset now) =>
        now < ExpiresAt && (UsedFor is null || UsedFor == key)
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(code)), Encoding.ASCII.GetBytes(Hash));

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Device.Value, Row) { ["Hash"] = Hash, ["ExpiresAt"] = ExpiresAt };
        row.SetIfAny("UsedFor", UsedFor);
        return row;
    }

    /// <inheritdoc/>
    public static EnrolmentCode FromTableEntity(TableEntity row) =>
        new(DeviceId.Parse(row.PartitionKey), row.Text("Hash"), row.Time("ExpiresAt"), row.GetString("UsedFor"), row.ETag);
}
