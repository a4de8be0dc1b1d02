using System.Globalization;
using System.Text.Json;

namespace CanteenPay.Functions.Copies;

/// <summary>What is known of a part without opening it: its blob's metadata.</summary>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Sha256">The sum of its bytes as they lie there, lower-case hex.</param>
/// <param name="Next">Its last row, after which the next part begins; null for the last part of a slice.</param>
internal sealed record CopyPart(long Rows, string Sha256, CopyPosition? Next)
{
    private const string RowsKey = "rows", SumKey = "sha256", NextKey = "next";

    /// <summary>As metadata: ASCII, whatever stands in a key.</summary>
    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [RowsKey] = Rows.ToString(CultureInfo.InvariantCulture), [SumKey] = Sha256 };
        if (Next is not null)
            metadata[NextKey] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(Next, FunctionsJson.Default.CopyPosition));
        return metadata;
    }

    /// <summary>From metadata.</summary>
    /// <param name="name">The blob's name, for the error.</param>
    /// <param name="metadata">What lies there.</param>
    /// <exception cref="FormatException">It is none of ours.</exception>
    public static CopyPart Read(string name, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return new(
                long.Parse(metadata[RowsKey], NumberStyles.None, CultureInfo.InvariantCulture),
                metadata[SumKey],
                metadata.TryGetValue(NextKey, out var next) ? JsonSerializer.Deserialize(Convert.FromBase64String(next), FunctionsJson.Default.CopyPosition) : null);
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or JsonException)
        {
            throw new FormatException($"The blob {name} says nothing that could be a part's rows, sum and next row: it was not put there by a copy.", e);
        }
    }
}
