using System.Globalization;
using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Exports.Files;
using CanteenPay.Functions.Settlement.Statements;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Exports.Editions;

/// <summary>
/// An edition of a date's files: table <c>Settlements</c>, partition = date, row <c>edition-{n}</c>. It is there before its files, so that a number belongs to one content for
/// ever: what a kill left of one content is never taken for another's.
/// </summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Digest">Of what it is made: <see cref="EditionContent.Digest"/>.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record EditionRow(DateOnly Day, int Number, string Digest, ETag Version = default) : ITableEntity<EditionRow>
{
    /// <summary>How its row begins.</summary>
    public const string Prefix = "edition-";

    /// <summary>Its files but those of single merchants, the index last; null while they are not all there.</summary>
    public IReadOnlyList<StoredFile>? Files { get; init; }

    /// <summary>What its statements come to.</summary>
    public EditionTotals Totals { get; init; } = EditionTotals.None;

    /// <summary>How far the day was.</summary>
    public string State { get; init; } = "";

    /// <summary>When its last file was there; null before.</summary>
    public DateTimeOffset? CompleteAt { get; init; }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(BusinessDay.Key(Day), Key(Number)) { ["Digest"] = Digest, ["State"] = State };
        row.SetIfAny("CompleteAt", CompleteAt);
        row["Totals"] = JsonSerializer.Serialize(Totals, ExportsJson.Default.EditionTotals);
        if (Files is not null)
            row.SetLong("Files", JsonSerializer.Serialize([.. Files], ExportsJson.Default.ListStoredFile));
        return row;
    }

    /// <inheritdoc/>
    public static EditionRow FromTableEntity(TableEntity row)
    {
        var completeAt = row.GetDateTimeOffset("CompleteAt");
        return new(
            DateOnly.ParseExact(row.PartitionKey, "yyyyMMdd", CultureInfo.InvariantCulture),
            int.Parse(row.RowKey.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture), row.Text("Digest"), row.ETag)
        {
            State = row.GetString("State") ?? "",
            CompleteAt = completeAt,
            Totals = JsonSerializer.Deserialize(row.Text("Totals"), ExportsJson.Default.EditionTotals) ?? EditionTotals.None,
            Files = completeAt is null ? null : JsonSerializer.Deserialize(row.Long("Files"), ExportsJson.Default.ListStoredFile),
        };
    }

    /// <summary>The row of a number.</summary>
    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}");
}
