using CanteenPay.Functions.Homes;

namespace CanteenPay.Functions.Copies;

/// <summary>Every table of the product, and in how many slices it is copied. A test holds the list beside Bicep's: a new table cannot be forgotten.</summary>
internal static class CopiedTables
{
    /// <summary>
    /// A large table is copied by so many chains of messages side by side. One reads some thousand rows a second and an account gives 20,000: eight are enough to be held up by the
    /// account and not by us, and few enough to be listed.
    /// </summary>
    public const int Slices = 8;

    /// <summary>The digits of ids, in their order. Partitions of large tables begin with an id that is drawn at random, so that slices are about equal where there are many merchants.</summary>
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The tables that are in the main account only.</summary>
    private static readonly IReadOnlyList<string> Others =
        ["OpenOrders", "Merchants", "Devices", "OpenCards", "Parked", "Distributors", "Members", "Audit", "DayIndex", "Settlements", "Shares"];

    /// <summary>All tables.</summary>
    public static IReadOnlyList<string> All { get; } = [.. HomedTables.Books, .. Others];

    /// <summary>The tables of an account, with the number of their slices. Merchants' books are the large ones.</summary>
    /// <param name="isMain">Whether it is the account that has all tables.</param>
    public static IEnumerable<(string Table, int Slices)> Of(bool isMain) =>
        HomedTables.Books.Select(table => (table, Slices)).Concat(isMain ? Others.Select(table => (table, 1)) : []);

    /// <summary>Whether a table can be cut into so many slices, and has this one.</summary>
    public static bool IsSlice(int slice, int slices) => slices is 1 or 2 or 4 or 8 or 16 or 32 && slice >= 0 && slice < slices;

    /// <summary>The partitions of a slice: from the first one on, until before the second; null where the table begins or ends. Slices have no gap and nothing twice, whatever keys are there.</summary>
    /// <param name="slice">Counted from 0.</param>
    /// <param name="slices">Of how many: a power of two, 1 to 32.</param>
    public static (string? From, string? End) Range(int slice, int slices)
    {
        if (!IsSlice(slice, slices))
            throw new ArgumentOutOfRangeException(nameof(slice), slice, $"No table that is cut into {slices} has such a slice.");
        return (slice == 0 ? null : Bound(slice), slice == slices - 1 ? null : Bound(slice + 1));

        string Bound(int index) => Digits[index * (Digits.Length / slices)].ToString();
    }
}
