using System.Globalization;

namespace CanteenPay.Functions.Copies;

/// <summary>Where a slice of a table lies in a copy: <c>{label}/{account}/{table}/{slice}-{part}.jsonl.gz</c>, and when it is whole <c>{slice}.done.json</c>.</summary>
/// <param name="Label">The copy.</param>
/// <param name="Account">The account that was copied, by its name in the settings.</param>
/// <param name="Table">The table.</param>
/// <param name="Slice">Counted from 0.</param>
internal sealed record CopyPlace(string Label, string Account, string Table, int Slice)
{
    /// <summary>Most parts of a slice: names have so many digits.</summary>
    public const int MostParts = 100_000;

    private const string PartEnd = ".jsonl.gz", DoneEnd = ".done.json", PlanName = "copy.json";

    /// <summary>The name of what is said of a copy when it begins.</summary>
    public static string Plan(string label) => $"{label}/{PlanName}";

    /// <summary>The name of a part's blob.</summary>
    public string Part(int part) => string.Create(CultureInfo.InvariantCulture, $"{Label}/{Account}/{Table}/{Slice:D2}-{part:D5}{PartEnd}");

    /// <summary>The name of the mark that all parts are there.</summary>
    public string Done => string.Create(CultureInfo.InvariantCulture, $"{Label}/{Account}/{Table}/{Slice:D2}{DoneEnd}");

    /// <summary>The copy of which a name says that it was begun; null for any other name.</summary>
    public static string? BegunBy(string name) => name.Split('/') is [var label, PlanName] && CopyLabel.Is(label) ? label : null;

    /// <summary>The slice of which a name says that it is whole; null for any other name.</summary>
    public static CopyPlace? DoneBy(string name)
    {
        if (name.Split('/') is not [var label, var account, var table, var last] || !CopyLabel.Is(label) || !last.EndsWith(DoneEnd, StringComparison.Ordinal))
            return null;
        return int.TryParse(last[..^DoneEnd.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var slice) ? new(label, account, table, slice) : null;
    }
}
