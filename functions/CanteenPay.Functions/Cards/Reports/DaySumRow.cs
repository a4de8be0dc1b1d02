using System.Globalization;
using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Functions.Cards.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>What a posting day that is long over came to, so that its lines are not read each night.</summary>
/// <param name="Merchant">Whose ledger.</param>
/// <param name="Day">The posting day.</param>
/// <param name="Sum">Its booked lines; null: something came to the day since, or may still come, and it is read line by line.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record DaySumRow(MerchantId Merchant, DateOnly Day, DaySum? Sum, ETag Version = default) : ITableEntity<DaySumRow>
{
    /// <summary>Where these rows begin.</summary>
    public const string Prefix = "sum-";

    /// <summary>A day of more accounts is too much for a row; it is read line by line.</summary>
    public const int MostAccounts = 15_000;

    private const int KeptAfterDays = 45;

    /// <summary>Less than <see cref="KeptAfterDays"/>: clocks differ, and a booking takes its time.</summary>
    private const int MarkedAfterDays = 40;

    /// <summary>A column holds 32 K characters.</summary>
    private const int ColumnLength = 30_000;

    /// <summary>Days before this one are summed up and kept.</summary>
    public static DateOnly KeptBefore(DateTimeOffset now) => BusinessDay.Of(now).AddDays(-KeptAfterDays);

    /// <summary>
    /// What the transaction that books entries writes beside them, whatever is there: days that may be kept are to be read again. A sum that is being made of what was
    /// read before is refused by that, since the row is then not the one that it read.
    /// </summary>
    public static IEnumerable<DaySumRow> ToReadAgain(MerchantId merchant, IEnumerable<LedgerEntry> entries, DateTimeOffset now)
    {
        var before = BusinessDay.Of(now).AddDays(-MarkedAfterDays);
        return entries.Select(entry => entry.PostingDay).Where(day => day < before).Distinct().Select(day => new DaySumRow(merchant, day, Sum: null));
    }

    /// <inheritdoc/>
    public TableEntity ToTableEntity()
    {
        var row = new TableEntity(Merchant.Value, Prefix + BusinessDay.Key(Day));
        if (Sum is { } sum)
        {
            foreach (var (number, part) in JsonSerializer.Serialize(sum, FunctionsJson.Default.DaySum).Chunk(ColumnLength).Index())
                row[$"Sum{number}"] = new string(part);
        }

        return row;
    }

    /// <inheritdoc/>
    public static DaySumRow FromTableEntity(TableEntity row)
    {
        var json = "";
        for (var number = 0; row.GetString($"Sum{number}") is { } part; number++)
            json += part;
        return new(
            MerchantId.Parse(row.PartitionKey),
            DateOnly.ParseExact(row.RowKey[Prefix.Length..], "yyyyMMdd", CultureInfo.InvariantCulture),
            json.Length == 0 ? null : JsonSerializer.Deserialize(json, FunctionsJson.Default.DaySum),
            row.ETag);
    }
}
