using System.Text.Json;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Cards.Reports.Rules;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards.Reports;

/// <summary>The result of a night's check.</summary>
/// <param name="Merchant">Whose ledger.</param>
/// <param name="Day">The business day on which it was made.</param>
/// <param name="Result">What it came to.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record LoopRow(MerchantId Merchant, DateOnly Day, LoopResult Result, ETag Version = default) : ITableEntity<LoopRow>
{
    private const string Prefix = "check-";

    /// <summary>Its key.</summary>
    public static string Key(DateOnly day) => Prefix + BusinessDay.Key(day);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, Key(Day))
    {
        ["Result"] = JsonSerializer.Serialize(Result, FunctionsJson.Default.LoopResult),
        ["IsClosed"] = Result.IsClosed,
        ["Difference"] = Result.Difference.Value,
    };

    /// <inheritdoc/>
    public static LoopRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        DateOnly.ParseExact(row.RowKey[Prefix.Length..], "yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture),
        JsonSerializer.Deserialize(row.Text("Result"), FunctionsJson.Default.LoopResult) ?? throw new InvalidOperationException($"The row {row.RowKey} has no result."),
        row.ETag);
}
