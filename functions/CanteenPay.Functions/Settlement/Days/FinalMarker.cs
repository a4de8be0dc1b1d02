using System.Globalization;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Days;

/// <summary>
/// What a merchant's closed day holds, once and for all: table <c>Settlements</c>, partition = date, row <c>{merchantId}-final</c>. It is written after the day was closed
/// (<see cref="ClosedDays"/>) and after the postings were read once more, together with a note on the last revision, which holds exactly the postings for which <see cref="Holds"/> is true:
/// so a posting that raced with the closing is either in it or an adjustment.
/// </summary>
/// <param name="Day">The settlement date, which is closed.</param>
/// <param name="Merchant">Whose.</param>
/// <param name="Revision">The last revision of the statement; 0 when the day was closed before the merchant had business there.</param>
/// <param name="BelatedKeys">The keys of the belated postings that it holds.</param>
internal sealed record FinalMarker(DateOnly Day, MerchantId Merchant, int Revision, IReadOnlyCollection<string> BelatedKeys) : ITableEntity<FinalMarker>
{
    /// <summary>The revision of the card totals with which the day was closed; 0 for none. One that somebody adds who read before the closing does not count.</summary>
    public int CardRevision { get; init; }

    /// <summary>The column that no other row has.</summary>
    public const string IsMarkerColumn = "IsMarker";

    /// <summary>How its row ends.</summary>
    public const string Suffix = "-final";

    /// <summary>A property of a row has at most 32 Ki characters.</summary>
    private const int PerColumn = 30_000;

    /// <summary>A row has at most 1 MiB: some ten thousand keys. So many are paid in a day by few canteens, and found a day late by none.</summary>
    private const int MaxColumns = 15;

    private const string Column = "BelatedKeys";

    /// <summary>Its row.</summary>
    public static string Key(MerchantId merchant) => merchant + Suffix;

    /// <summary>Whether the closed day holds a posting that lies there.</summary>
    public bool Holds(Posting posting) => !posting.IsBelated || BelatedKeys.Contains(posting.Key);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">More keys than a row holds.</exception>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Key(Merchant)) { [IsMarkerColumn] = true, ["Revision"] = Revision, ["CardRevision"] = CardRevision };
        var text = string.Join(' ', BelatedKeys.Order(StringComparer.Ordinal));
        if (text.Length > MaxColumns * PerColumn)
            throw new InvalidOperationException($"{BelatedKeys.Count} belated postings of {Merchant} on {Day:yyyy-MM-dd} are more than a final marker holds.");
        for (var (at, number) = (0, 0); at < text.Length; at += PerColumn, number++)
            row[Name(number)] = text.Substring(at, Math.Min(PerColumn, text.Length - at));
        return row;
    }

    /// <inheritdoc/>
    public static FinalMarker FromTableEntity(TableEntity row)
    {
        var text = string.Concat(Enumerable.Range(0, MaxColumns).Select(number => row.GetString(Name(number))));
        return new(
            DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture),
            MerchantId.Parse(row.RowKey[..^Suffix.Length]),
            row.GetInt32("Revision") ?? 0,
            text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal))
        {
            CardRevision = row.GetInt32("CardRevision") ?? 0,
        };
    }

    private static string Name(int number) => Column + number.ToString("D2", CultureInfo.InvariantCulture);
}
