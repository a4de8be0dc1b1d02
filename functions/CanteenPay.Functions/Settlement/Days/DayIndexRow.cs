using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>A merchant that had business on a settlement date, and how far its settling is: table <c>DayIndex</c>, partition = date.</summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Merchant">Who.</param>
internal sealed record DayIndexRow(DateOnly Day, MerchantId Merchant) : ITableEntity<DayIndexRow>
{
    /// <summary>
    /// Something may have been posted that its statement does not hold; true until it is settled first. Whoever settles takes it away under the <see cref="Version"/> that
    /// was read before the postings were: then a posting that came meanwhile, which marks the row after itself, makes that write fail.
    /// </summary>
    public bool IsDue { get; init; } = true;

    /// <summary>The latest revision of its statement; 0 before the first.</summary>
    public int Revision { get; init; }

    /// <summary>The latest revision of its card totals; 0 before the first.</summary>
    public int CardRevision { get; init; }

    /// <summary>Why it could not be settled; null when it could.</summary>
    public string? Failure { get; init; }

    /// <summary>When it failed.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>How often it failed in a row.</summary>
    public int Tries { get; init; }

    /// <summary>The version that was read; default for one that was made here.</summary>
    public ETag Version { get; init; }

    /// <summary>The partition of a date.</summary>
    public static string Partition(DateOnly day) => BusinessDay.Key(day);

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Partition(Day), Merchant.Value)
        {
            [IsDueColumn] = IsDue,
            ["Revision"] = Revision,
            ["CardRevision"] = CardRevision,
            ["Tries"] = Tries,
        };
        row.SetIfAny(FailureColumn, Failure);
        row.SetIfAny("FailedAt", FailedAt);
        return row;
    }

    /// <summary>The columns that a posting alone changes; the second to an empty text, since a merge takes no column away.</summary>
    public const string IsDueColumn = "IsDue", FailureColumn = "Failure";

    /// <inheritdoc/>
    public static DayIndexRow FromTableEntity(TableEntity row) => new(
        DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture), MerchantId.Parse(row.RowKey))
    {
        IsDue = row.GetBoolean(IsDueColumn) ?? true,
        Revision = row.GetInt32("Revision") ?? 0,
        CardRevision = row.GetInt32("CardRevision") ?? 0,
        Failure = row.GetString(FailureColumn) is { Length: > 0 } why ? why : null,
        FailedAt = row.GetDateTimeOffset("FailedAt"),
        Tries = row.GetInt32("Tries") ?? 0,
        Version = row.ETag,
    };
}
