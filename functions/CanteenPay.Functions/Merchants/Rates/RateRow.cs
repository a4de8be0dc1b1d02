using System.Globalization;
using System.Text.Json;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Merchants.Rates;

/// <summary>A merchant's terms from a day on: row <c>rate-{yyyyMMdd}</c>. It may be replaced until its day begins.</summary>
/// <param name="Merchant">Whose.</param>
/// <param name="ValidFrom">The first day.</param>
/// <param name="Terms">How fees are divided.</param>
/// <param name="At">When it was entered.</param>
/// <param name="By">By whom.</param>
internal sealed record RateRow(MerchantId Merchant, DateOnly ValidFrom, FeeTerms Terms, DateTimeOffset At, Person By) : ITableEntity<RateRow>
{
    /// <summary>How the keys begin.</summary>
    public const string Prefix = "rate-";

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Merchant.Value, Prefix + BusinessDay.Key(ValidFrom))
    {
        ["RateBasisPoints"] = Terms.RateBasisPoints,
        ["BankCostBasisPoints"] = Terms.BankCostBasisPoints,
        ["Shares"] = JsonSerializer.Serialize([.. Terms.Shares], FunctionsJson.Default.ListFeeShare),
        ["At"] = At,
        ["By"] = By.Id,
        ["ByName"] = By.Name,
    };

    /// <inheritdoc/>
    public static RateRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey),
        DateOnly.ParseExact(row.RowKey.AsSpan(Prefix.Length), "yyyyMMdd", CultureInfo.InvariantCulture),
        new(
            row.GetInt32("RateBasisPoints") ?? throw new InvalidOperationException($"The row {row.RowKey} has no rate."),
            row.GetInt32("BankCostBasisPoints") ?? 0,
            JsonSerializer.Deserialize(row.Text("Shares"), FunctionsJson.Default.ListFeeShare) ?? []),
        row.Time("At"),
        new(row.Text("By"), row.Text("ByName")));
}
