using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Operations;

/// <summary>Something that a person has to look at, with the reason.</summary>
/// <param name="ParkedAt">When.</param>
/// <param name="Source">The queue it comes from, or what found it.</param>
/// <param name="ItemId">Its id there: the same item is kept once a day.</param>
/// <param name="Reason">Why.</param>
/// <param name="Body">What it was, at most 256 KB.</param>
/// <param name="SentAgain">How often a person sent it again.</param>
/// <param name="Settled">Who has dealt with it; null while it waits. The same item, kept again on its day, waits again.</param>
/// <param name="Version">The version that was read; none for a new item.</param>
internal sealed record ParkedItem(
    DateTimeOffset ParkedAt, string Source, string ItemId, string Reason, BinaryData Body, int SentAgain = 0, ParkedSettled? Settled = null, ETag Version = default)
    : ITableEntity<ParkedItem>
{
    /// <summary>The column that sending again changes.</summary>
    public const string SentAgainColumn = "SentAgain";

    /// <summary>A binary column holds 64 KB.</summary>
    private const int ColumnBytes = 60 * 1024;
    private const int LongestKey = 500;

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Key)
        {
            ["ParkedAt"] = ParkedAt,
            ["Source"] = Source,
            ["ItemId"] = ItemId,
            ["Reason"] = Reason.Length <= 1000 ? Reason : Reason[..1000],
            [SentAgainColumn] = SentAgain,
        };
        Settled?.WriteTo(row);
        foreach (var (number, part) in Body.ToArray().Chunk(ColumnBytes).Index())
            row[$"Body{number}"] = part;
        return row;
    }

    /// <inheritdoc/>
    public static ParkedItem FromTableEntity(TableEntity row)
    {
        var body = new List<byte>();
        for (var number = 0; row.GetBinaryData($"Body{number}") is { } part; number++)
            body.AddRange(part.ToArray());
        return new(
            row.GetDateTimeOffset("ParkedAt") ?? DateTimeOffset.MinValue,
            row.GetString("Source") ?? "",
            row.GetString("ItemId") ?? "",
            row.GetString("Reason") ?? "",
            BinaryData.FromBytes(body.ToArray()),
            row.GetInt32(SentAgainColumn) ?? 0,
            ParkedSettled.Of(row),
            row.ETag);
    }

    /// <summary>The business day under which it is kept.</summary>
    public DateOnly Day => BusinessDay.Of(ParkedAt);

    /// <summary>Its key on that day.</summary>
    public string Key => KeyOf($"{Source}-{ItemId}");

    /// <summary>Whether storage takes a text as a key.</summary>
    public static bool IsKey(string text) => text.Length is > 0 and <= LongestKey && text.All(IsKeyCharacter);

    /// <summary>Keys may not hold / \ # ? or control characters, and ids from outside might.</summary>
    private static string KeyOf(string text) =>
        string.Concat(text.Take(LongestKey).Select(c => IsKeyCharacter(c) ? c : '_'));

    private static bool IsKeyCharacter(char c) => !char.IsControl(c) && c is not ('/' or '\\' or '#' or '?');
}
