using System.Globalization;
using Azure;
using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Functions.Settlement.Rules;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>
/// What a merchant's statement hands on: table <c>Settlements</c>, partition <c>m-{merchantId}</c>, a row for each date with a statement, the latest date first.
/// </summary>
/// <param name="Merchant">Whose.</param>
/// <param name="Day">The settlement date.</param>
/// <param name="Revision">The revision of the statement.</param>
/// <param name="Payable">What the day itself comes to.</param>
/// <param name="CarriedIn">What was handed to it.</param>
/// <param name="CarriedOut">What it hands on, at most nothing.</param>
/// <param name="Version">The version that was read; default for one that was made here.</param>
internal sealed record ChainRow(MerchantId Merchant, DateOnly Day, int Revision, Fen Payable, Fen CarriedIn, Fen CarriedOut, ETag Version = default) : ITableEntity<ChainRow>
{
    private const int DayAfterAll = 99_999_999;

    /// <summary>The partition of a merchant.</summary>
    public static string Partition(MerchantId merchant) => $"m-{merchant}";

    /// <summary>The row of a date: a later one sorts first.</summary>
    public static string Key(DateOnly day) =>
        (DayAfterAll - (day.Year * 10_000) - (day.Month * 100) - day.Day).ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>Of a statement's revision.</summary>
    public static ChainRow Of(Statement statement, int revision) =>
        new(statement.Merchant, statement.Day, revision, statement.Payable, statement.CarriedIn, statement.CarriedOut);

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(Partition(Merchant), Key(Day))
    {
        ["Day"] = BusinessDay.Key(Day),
        ["Revision"] = Revision,
        ["PayableFen"] = Payable.Value,
        ["CarriedInFen"] = CarriedIn.Value,
        ["CarriedOutFen"] = CarriedOut.Value,
    };

    /// <inheritdoc/>
    public static ChainRow FromTableEntity(TableEntity row) => new(
        MerchantId.Parse(row.PartitionKey["m-".Length..]),
        row.Date("Day") ?? throw new InvalidOperationException($"The row {row.RowKey} has no day."),
        row.GetInt32("Revision") ?? 0,
        row.Fen("PayableFen"),
        row.Fen("CarriedInFen"),
        row.Fen("CarriedOutFen"),
        row.ETag);
}
