using CanteenPay.Azure.Tables;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Settlement.Statements;

/// <summary>
/// Takes the place of a first revision in a day that was closed without a statement of the merchant: whoever read before the closing and would write one now, cannot.
/// </summary>
/// <param name="Day">The settlement date.</param>
/// <param name="Merchant">Who had no business of a channel there.</param>
internal sealed record EmptyStatementRow(DateOnly Day, MerchantId Merchant) : ITableEntity
{
    private const string Column = "IsEmpty";

    /// <summary>Whether a row is one.</summary>
    public static bool IsOne(TableEntity row) => row.GetBoolean(Column) ?? false;

    /// <inheritdoc/>
    public TableEntity ToTableEntity() => new(BusinessDay.Key(Day), StatementRow.Key(Merchant, 1)) { [Column] = true, [StatementRow.IsFinalColumn] = true };
}
