using CanteenPay.Azure.Tables;
using CanteenPay.Functions.Payments;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Cards;

/// <summary>What an account holds, and no more of it.</summary>
/// <param name="Account">The account.</param>
/// <param name="Balance">In fen.</param>
internal sealed record AccountBalanceRow(AccountId Account, Fen Balance) : ITableEntity<AccountBalanceRow>
{
    /// <inheritdoc/>
    public TableEntity ToTableEntity() => throw new NotSupportedException("An account is written whole.");

    /// <inheritdoc/>
    public static AccountBalanceRow FromTableEntity(TableEntity row) =>
        new(AccountId.Parse(row.RowKey[CardKeys.AccountPrefix.Length..]), row.Fen(AccountRow.BalanceColumn));
}
