using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Audit;

/// <summary>Where a day's chain stands: row <c>head</c> of the day's partition, written in every transaction that adds to it.</summary>
/// <param name="Day">The day.</param>
/// <param name="Seq">The number of the last entry; 0 while there is none.</param>
/// <param name="Hash">The hash of the last entry; what the first one hangs on while there is none.</param>
/// <param name="Previous">The last day before it that had entries; null for the very first.</param>
/// <param name="Next">The day that follows: nothing is added here any more. Null while it is open.</param>
/// <param name="Version">The version of the row that was read; default for one that is not there yet.</param>
internal sealed record AuditHead(DateOnly Day, long Seq, string Hash, DateOnly? Previous, DateOnly? Next = null, ETag Version = default) : ITableEntity<AuditHead>
{
    /// <summary>The row of a head.</summary>
    public const string RowKey = "head";

    /// <summary>The head of the very first day.</summary>
    public static AuditHead Begin(DateOnly day) => new(day, 0, AuditChain.First(day, ""), Previous: null);

    /// <summary>The head of the day that follows a sealed one.</summary>
    public static AuditHead After(AuditHead sealedHead) =>
        new(sealedHead.Next!.Value, 0, AuditChain.First(sealedHead.Next.Value, sealedHead.Hash), sealedHead.Day);

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), RowKey) { ["Seq"] = Seq, ["Hash"] = Hash };
        row.SetIfAny("Previous", Previous);
        row.SetIfAny("Next", Next);
        return row;
    }

    /// <inheritdoc/>
    public static AuditHead FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture),
        row.GetInt64("Seq") ?? 0,
        row.GetString("Hash") ?? "",
        row.Date("Previous"),
        row.Date("Next"),
        row.ETag);
}
