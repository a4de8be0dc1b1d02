using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Merchants;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Shares;

/// <summary>
/// An entry of a distributor's account: table <c>Shares</c>, partition = the distributor. Entries are only ever added; a mistake is countered by another entry.
/// </summary>
/// <param name="Distributor">Whose account.</param>
/// <param name="Key">Its key: see <see cref="ShareKeys"/>. The same key is the same entry.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Amount">Fen; what we owe the distributor more, negative for what it owes us.</param>
/// <param name="PostedAt">When it was posted.</param>
internal sealed record ShareRow(DistributorId Distributor, string Key, ShareKind Kind, Fen Amount, DateTimeOffset PostedAt) : ITableEntity<ShareRow>
{
    /// <summary>The settlement date of a share.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>The merchant of a share or of a service fee.</summary>
    public MerchantId? Merchant { get; init; }

    /// <summary>The statement's revision of a share: the entry holds its difference to the revision before.</summary>
    public int? Revision { get; init; }

    /// <summary>The entry that this one counters.</summary>
    public string? Reverses { get; init; }

    /// <summary>Why, in the words of whoever asked.</summary>
    public string? Reason { get; init; }

    /// <summary>The month in whose statement it stands, as <c>yyyyMM</c>: always that of its posting, so that a month that is over never changes.</summary>
    public string Month => ShareMonth.Of(PostedAt).Key;

    /// <summary>Whether it stands in a month's statement.</summary>
    public bool IsIn(ShareMonth month) => ShareMonth.Of(PostedAt) == month;

    /// <summary>Whether it stands in an earlier month's statement.</summary>
    public bool IsBefore(ShareMonth month) => ShareMonth.Of(PostedAt).First < month.First;

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Distributor.Value, Key)
        {
            ["Kind"] = Kind.ToString(),
            ["AmountFen"] = Amount.Value,
            ["PostedAt"] = PostedAt,
            ["Month"] = Month,
        };
        row.SetIfAny("Day", Day);
        row.SetIfAny("MerchantId", Merchant?.Value);
        row.SetIfAny("Revision", Revision);
        row.SetIfAny("Reverses", Reverses);
        row.SetIfAny("Reason", Reason);
        return row;
    }

    /// <inheritdoc/>
    public static ShareRow FromTableEntity(TableEntity row) =>
        new(DistributorId.Parse(row.PartitionKey), row.RowKey, Enum.Parse<ShareKind>(row.Text("Kind")), row.Fen("AmountFen"), row.Time("PostedAt"))
        {
            Day = row.Date("Day"),
            Merchant = row.GetString("MerchantId") is { } merchant ? MerchantId.Parse(merchant) : null,
            Revision = row.GetInt32("Revision"),
            Reverses = row.GetString("Reverses"),
            Reason = row.GetString("Reason"),
        };
}

/// <summary>What an entry is for.</summary>
internal enum ShareKind
{
    /// <summary>A part of a merchant's fees.</summary>
    Share,

    /// <summary>A merchant's yearly fee, which its distributor owes.</summary>
    ServiceFee,

    /// <summary>It counters another entry.</summary>
    Reversal,

    /// <summary>It was paid out.</summary>
    Payout,
}
