using CanteenPay.Protocol;

namespace CanteenPay.DeviceAgent.Cards;

/// <summary>What of a journal goes into one message.</summary>
internal static class Batch
{
    /// <summary>Longest text of the entries of one message: what surrounds them fits into the rest of its 32 KB.</summary>
    public const int MaxLength = 29 * 1024;

    /// <summary>Rows that the cloud writes in one transaction, less the cursor, the change and an operation of its own.</summary>
    public const int MaxRows = 97;

    /// <summary>The longest beginning that fits a message and the cloud's transaction. A tap is not torn apart, as long as it fits by itself.</summary>
    public static IReadOnlyList<CardEntry> Cut(IReadOnlyList<StoredEntry> stored)
    {
        HashSet<string> rows = new(StringComparer.Ordinal);
        var (length, fits, whole) = (0, 0, 0);
        foreach (var (entry, _, characters) in stored.Take(CardEntries.MaxEntries))
        {
            length += characters + 1;
            rows.Add(entry.AccountId.Value);
            if (entry.Reverses is { } reversed)
                rows.Add(reversed.Value);
            if (length > MaxLength || rows.Count > MaxRows)
                break;
            fits++;
            if (fits == stored.Count || stored[fits].Entry.TapId != entry.TapId)
                whole = fits;
        }

        return [.. stored.Take(whole > 0 ? whole : fits).Select(each => each.Entry)];
    }
}
